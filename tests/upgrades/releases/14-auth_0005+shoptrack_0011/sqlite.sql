BEGIN TRANSACTION;
CREATE TABLE alembic_version_admin (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_admin_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_admin" VALUES('admin_0002');
CREATE TABLE alembic_version_auth (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_auth_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_auth" VALUES('auth_0005');
CREATE TABLE alembic_version_reports (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_reports_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_reports" VALUES('reports_0001');
CREATE TABLE alembic_version_shoptrack (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_shoptrack_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_shoptrack" VALUES('shoptrack_0011');
CREATE TABLE categories (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(50) NOT NULL, name_folded VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT uq_categories_name UNIQUE (name)
);
INSERT INTO "categories" VALUES(1,'乳製品','乳製品');
INSERT INTO "categories" VALUES(2,'Ｍeat','meat');
INSERT INTO "categories" VALUES(3,'ヨーグルト','よーぐると');
CREATE TABLE history_feed (
	token VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_history_feed PRIMARY KEY (token)
);
INSERT INTO "history_feed" VALUES('7223565413fe13d7');
CREATE TABLE history_purges (
	path VARCHAR(100) NOT NULL, 
	source VARCHAR(32) NOT NULL, 
	xid BIGINT NOT NULL, 
	entry_id BIGINT NOT NULL, 
	CONSTRAINT pk_history_purges PRIMARY KEY (path)
);
CREATE TABLE idempotency_keys (
	user_id BIGINT NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	status INTEGER NOT NULL, 
	headers JSON NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, "key")
);
CREATE TABLE job_states (
	name VARCHAR(100) NOT NULL, 
	known_at DATETIME NOT NULL, 
	started_at DATETIME, 
	ended_at DATETIME, 
	succeeded_at DATETIME, 
	outcome VARCHAR(20) NOT NULL, 
	error TEXT NOT NULL, 
	attempt INTEGER NOT NULL, 
	successes BIGINT NOT NULL, 
	failures BIGINT NOT NULL, 
	token VARCHAR(32), 
	locked_until DATETIME, 
	CONSTRAINT pk_job_states PRIMARY KEY (name)
);
INSERT INTO "job_states" VALUES('auth.purge','2026-11-30 08:00:00.000000','2026-11-30 18:30:00.000000','2026-11-30 18:30:01.000000',NULL,'failed','OSError: x',1,0,1,NULL,NULL);
CREATE TABLE lineage_tables (
	name VARCHAR(63) NOT NULL, 
	lineage VARCHAR(40) NOT NULL, 
	location VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_lineage_tables PRIMARY KEY (name)
);
INSERT INTO "lineage_tables" VALUES('categories','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('history_feed','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('history_purges','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('idempotency_keys','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('job_states','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('lineage_tables','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('manufacturers','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('origins','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('products','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('shopping_records','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_admin_history','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('stores','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('table_versions','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('units','shoptrack','shoptrack:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_admin_upload_parts','admin','shoptrack_admin:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_admin_uploads','admin','shoptrack_admin:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_api_tokens','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_failures','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_group_permissions','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_groups','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_numbered_sessions','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_password_links','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_preset_groups','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_sign_ins','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_user_groups','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_user_permissions','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_auth_users','auth','shoptrack_auth:revisions');
INSERT INTO "lineage_tables" VALUES('shoptrack_reports_unit_factors','reports','shoptrack_reports:revisions');
CREATE TABLE manufacturers (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, name_folded VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT uq_manufacturers_name UNIQUE (name)
);
INSERT INTO "manufacturers" VALUES(1,'明治','明治');
CREATE TABLE origins (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, name_folded VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT uq_origins_name UNIQUE (name)
);
INSERT INTO "origins" VALUES(1,'北海道','北海道');
CREATE TABLE products (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, 
	category_id INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	manufacturer_id INTEGER, 
	origin_id INTEGER, name_folded VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT fk_products_category_id FOREIGN KEY(category_id) REFERENCES categories (id), 
	CONSTRAINT fk_products_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT fk_products_manufacturer_id FOREIGN KEY(manufacturer_id) REFERENCES manufacturers (id), 
	CONSTRAINT fk_products_origin_id FOREIGN KEY(origin_id) REFERENCES origins (id)
);
INSERT INTO "products" VALUES(1,'ギュウニュウ',1,1,1,1,'ぎゅうにゅう');
INSERT INTO "products" VALUES(2,'Beef, raw',2,1,NULL,NULL,'beef, raw');
CREATE TABLE shopping_records (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	price INTEGER NOT NULL, 
	purchase_date DATE NOT NULL, 
	store_id INTEGER NOT NULL, 
	quantity BIGINT NOT NULL, 
	product_id INTEGER NOT NULL, 
	CONSTRAINT fk_shopping_records_store_id FOREIGN KEY(store_id) REFERENCES stores (id), 
	CONSTRAINT fk_shopping_records_product_id FOREIGN KEY(product_id) REFERENCES products (id)
);
INSERT INTO "shopping_records" VALUES(1,248,'2024-02-29',1,1000125,1);
INSERT INTO "shopping_records" VALUES(2,1980,'2025-01-31',2,1,2);
INSERT INTO "shopping_records" VALUES(3,-1,'0001-01-01',2,-9999999999,2);
CREATE TABLE shoptrack_admin_history (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	user_id INTEGER, 
	username VARCHAR(150) NOT NULL, 
	address VARCHAR(45) NOT NULL, 
	way VARCHAR(20) NOT NULL, 
	action VARCHAR(20) NOT NULL, 
	path VARCHAR(100) NOT NULL, 
	row_id INTEGER, 
	label VARCHAR(300) NOT NULL, 
	changes JSON NOT NULL
, job VARCHAR(100) DEFAULT '' NOT NULL, xid BIGINT, part_of INTEGER, undoes INTEGER);
INSERT INTO "shoptrack_admin_history" VALUES(1,'2025-01-31 08:00:00.000000',1,'Mio','192.0.2.1','administration','changed','stores',1,'ライフ','{"name": ["Life", "ライフ"]}','',NULL,NULL,NULL);
INSERT INTO "shoptrack_admin_history" VALUES(2,'2026-11-30 08:00:00.000000',NULL,'','','command','added','stores',2,'コープ','{"name": [null, "コープ"]}','',NULL,NULL,NULL);
INSERT INTO "shoptrack_admin_history" VALUES(3,'2026-11-30 09:00:00.000000',NULL,'','','job','changed','stores',2,'コープ','{"name": ["コープ", "コープ"]}','household.tick',NULL,NULL,NULL);
CREATE TABLE shoptrack_admin_upload_parts (
	upload_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_shoptrack_admin_upload_parts PRIMARY KEY (upload_id, number), 
	CONSTRAINT fk_shoptrack_admin_upload_parts_upload FOREIGN KEY(upload_id) REFERENCES shoptrack_admin_uploads (id) ON DELETE CASCADE
);
CREATE TABLE shoptrack_admin_uploads (
	id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	path VARCHAR(100) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	options JSON NOT NULL, 
	report JSON NOT NULL, 
	CONSTRAINT pk_shoptrack_admin_uploads PRIMARY KEY (id)
);
CREATE TABLE shoptrack_auth_api_tokens (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	key_digest VARCHAR(64) NOT NULL, 
	scope VARCHAR(10) NOT NULL, 
	permissions JSON, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	last_used_at DATETIME, 
	CONSTRAINT uq_shoptrack_auth_api_tokens_key_digest UNIQUE (key_digest), 
	CONSTRAINT fk_shoptrack_auth_api_tokens_user_id FOREIGN KEY(user_id) REFERENCES shoptrack_auth_users (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_api_tokens" VALUES(1,1,'台所','c3','read',NULL,'2025-01-31 08:00:00.000000',NULL,'2025-01-31 09:00:00.000000');
INSERT INTO "shoptrack_auth_api_tokens" VALUES(2,2,'script','d4','write','["stores:view"]','2025-01-31 08:00:00.000000','2026-01-31 08:00:00.000000',NULL);
CREATE TABLE shoptrack_auth_failures (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(20) NOT NULL, 
	name_digest VARCHAR(64), 
	address VARCHAR(45) NOT NULL, 
	at DATETIME NOT NULL
);
INSERT INTO "shoptrack_auth_failures" VALUES(1,'sign-in',NULL,'192.0.2.1','2025-01-31 08:00:00.000000');
CREATE TABLE shoptrack_auth_group_permissions (
	group_id INTEGER NOT NULL, 
	permission VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_shoptrack_auth_group_permissions PRIMARY KEY (group_id, permission), 
	CONSTRAINT fk_shoptrack_auth_group_permissions_group_id FOREIGN KEY(group_id) REFERENCES shoptrack_auth_groups (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_group_permissions" VALUES(1,'products:change');
CREATE TABLE shoptrack_auth_groups (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(150) NOT NULL, 
	name_key TEXT NOT NULL, 
	CONSTRAINT uq_shoptrack_auth_groups_name_key UNIQUE (name_key)
);
INSERT INTO "shoptrack_auth_groups" VALUES(1,'Family','family');
CREATE TABLE shoptrack_auth_numbered_sessions (
	until DATETIME NOT NULL, 
	CONSTRAINT pk_shoptrack_auth_numbered_sessions PRIMARY KEY (until)
);
INSERT INTO "shoptrack_auth_numbered_sessions" VALUES('2026-12-01 09:37:23.422970');
CREATE TABLE shoptrack_auth_password_links (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER NOT NULL, 
	key_digest VARCHAR(64) NOT NULL, 
	password_version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT uq_shoptrack_auth_password_links_key_digest UNIQUE (key_digest), 
	CONSTRAINT fk_shoptrack_auth_password_links_user_id FOREIGN KEY(user_id) REFERENCES shoptrack_auth_users (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_password_links" VALUES(1,2,'a1',1,'2025-01-31 08:00:00.000000','2025-02-01 08:00:00.000000');
CREATE TABLE shoptrack_auth_preset_groups (
	name VARCHAR(30) NOT NULL, 
	group_id INTEGER, 
	permissions JSON NOT NULL, 
	CONSTRAINT pk_shoptrack_auth_preset_groups PRIMARY KEY (name), 
	CONSTRAINT fk_shoptrack_auth_preset_groups_group_id FOREIGN KEY(group_id) REFERENCES shoptrack_auth_groups (id) ON DELETE SET NULL
);
CREATE TABLE shoptrack_auth_sign_ins (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER NOT NULL, 
	password_version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_used_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	address VARCHAR(45) NOT NULL, 
	device VARCHAR(255) NOT NULL, kind VARCHAR(10) DEFAULT 'token' NOT NULL, key_digest VARCHAR(64), sid VARCHAR(22), 
	CONSTRAINT fk_shoptrack_auth_sign_ins_user_id FOREIGN KEY(user_id) REFERENCES shoptrack_auth_users (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_sign_ins" VALUES(1,1,3,'2025-01-31 08:00:00.000000','2025-01-31 09:00:00.000000','2025-02-01 08:00:00.000000','2025-01-31 10:00:00.000000','2001:db8::1','Firefox','token',NULL,NULL);
INSERT INTO "shoptrack_auth_sign_ins" VALUES(2,1,3,'2025-01-31 08:00:00.000000','2025-01-31 09:00:00.000000','2025-02-01 08:00:00.000000',NULL,'192.0.2.1','','browser','b2',NULL);
INSERT INTO "shoptrack_auth_sign_ins" VALUES(3,2,1,'2025-01-31 08:00:00.000000','2025-01-31 09:00:00.000000','2025-02-01 08:00:00.000000',NULL,'192.0.2.1','','token',NULL,'c3c3c3c3c3c3c3c3c3c3c3');
CREATE TABLE shoptrack_auth_user_groups (
	user_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	CONSTRAINT pk_shoptrack_auth_user_groups PRIMARY KEY (user_id, group_id), 
	CONSTRAINT fk_shoptrack_auth_user_groups_user_id FOREIGN KEY(user_id) REFERENCES shoptrack_auth_users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_shoptrack_auth_user_groups_group_id FOREIGN KEY(group_id) REFERENCES shoptrack_auth_groups (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_user_groups" VALUES(1,1);
CREATE TABLE shoptrack_auth_user_permissions (
	user_id INTEGER NOT NULL, 
	permission VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_shoptrack_auth_user_permissions PRIMARY KEY (user_id, permission), 
	CONSTRAINT fk_shoptrack_auth_user_permissions_user_id FOREIGN KEY(user_id) REFERENCES shoptrack_auth_users (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_user_permissions" VALUES(2,'stores:view');
CREATE TABLE shoptrack_auth_users (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	username VARCHAR(150) NOT NULL, 
	username_key TEXT NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	first_name VARCHAR(150) NOT NULL, 
	last_name VARCHAR(150) NOT NULL, 
	password VARCHAR(255) NOT NULL, 
	password_version INTEGER NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	is_staff BOOLEAN NOT NULL, 
	is_superuser BOOLEAN NOT NULL, 
	joined_at DATETIME NOT NULL, 
	last_login_at DATETIME, language VARCHAR(10) DEFAULT '' NOT NULL, 
	CONSTRAINT uq_shoptrack_auth_users_username_key UNIQUE (username_key)
);
INSERT INTO "shoptrack_auth_users" VALUES(1,'Mio','mio','mio@example.com','美緒','','$argon2id$v=19$m=65536,t=3,p=4$I+AFV4DH8KN2wC5v4UHiqA$GjE33vAKiOKIK+GgTKROVFpUnbAm4MRv7rFmekuBe2Y',3,1,1,1,'2024-01-01 00:00:00.000000','2025-01-31 23:59:59.999999','');
INSERT INTO "shoptrack_auth_users" VALUES(2,'Ken','ken','','','','!',1,0,0,0,'2024-01-01 00:00:00.000000',NULL,'');
CREATE TABLE shoptrack_reports_unit_factors (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	unit_id INTEGER NOT NULL, 
	base VARCHAR(10) NOT NULL, 
	factor BIGINT NOT NULL, 
	CONSTRAINT fk_shoptrack_reports_unit_factors_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "shoptrack_reports_unit_factors" VALUES(1,2,'g',62500);
CREATE TABLE stores (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, 
	location VARCHAR(100) NOT NULL
, name_folded VARCHAR(400) DEFAULT '' NOT NULL, location_folded VARCHAR(400) DEFAULT '' NOT NULL);
INSERT INTO "stores" VALUES(1,'ライフ','大阪 "駅前"','らいふ','大阪 "駅前"');
INSERT INTO "stores" VALUES(2,'Store','','store','');
CREATE TABLE table_versions (
	name VARCHAR(100) NOT NULL, 
	bucket BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	CONSTRAINT pk_table_versions PRIMARY KEY (name, bucket)
);
INSERT INTO "table_versions" VALUES('categories',-1,3226281657871269);
INSERT INTO "table_versions" VALUES('manufacturers',-1,2205395921586960);
INSERT INTO "table_versions" VALUES('origins',-1,391908419066039);
INSERT INTO "table_versions" VALUES('products',-1,4484338420626475);
INSERT INTO "table_versions" VALUES('shopping_records',-1,791644335990288);
INSERT INTO "table_versions" VALUES('stores',-1,4214758042110670);
INSERT INTO "table_versions" VALUES('units',-1,1585047014631110);
INSERT INTO "table_versions" VALUES('shoptrack_reports_unit_factors',-1,1662563600639041);
CREATE TABLE units (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(10) NOT NULL, name_folded VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT uq_units_name UNIQUE (name)
);
INSERT INTO "units" VALUES(1,'g','g');
INSERT INTO "units" VALUES(2,'個','個');
CREATE INDEX ix_products_category_id ON products (category_id);
CREATE INDEX ix_products_unit_id ON products (unit_id);
CREATE INDEX ix_products_manufacturer_id ON products (manufacturer_id);
CREATE INDEX ix_products_origin_id ON products (origin_id);
CREATE INDEX ix_shopping_records_purchase_date_id ON shopping_records (purchase_date, id);
CREATE INDEX ix_shoptrack_auth_sign_ins_user_id ON shoptrack_auth_sign_ins (user_id);
CREATE INDEX ix_shoptrack_auth_sign_ins_expires_at ON shoptrack_auth_sign_ins (expires_at);
CREATE INDEX ix_categories_name_folded ON categories (name_folded);
CREATE INDEX ix_units_name_folded ON units (name_folded);
CREATE INDEX ix_manufacturers_name_folded ON manufacturers (name_folded);
CREATE INDEX ix_origins_name_folded ON origins (name_folded);
CREATE INDEX ix_stores_name_folded ON stores (name_folded);
CREATE INDEX ix_stores_location_folded ON stores (location_folded);
CREATE INDEX ix_products_name_folded ON products (name_folded);
CREATE INDEX ix_shopping_records_price_id ON shopping_records (price, id);
CREATE INDEX ix_shopping_records_quantity_id ON shopping_records (quantity, id);
CREATE TRIGGER shoptrack_count_insert_categories AFTER insert ON categories
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'categories' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_categories AFTER update ON categories
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'categories' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_categories AFTER delete ON categories
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'categories' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_insert_manufacturers AFTER insert ON manufacturers
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'manufacturers' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_manufacturers AFTER update ON manufacturers
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'manufacturers' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_manufacturers AFTER delete ON manufacturers
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'manufacturers' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_insert_origins AFTER insert ON origins
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'origins' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_origins AFTER update ON origins
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'origins' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_origins AFTER delete ON origins
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'origins' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_insert_products AFTER insert ON products
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'products' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_products AFTER update ON products
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'products' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_products AFTER delete ON products
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'products' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_insert_shopping_records AFTER insert ON shopping_records
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'shopping_records' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_shopping_records AFTER update ON shopping_records
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'shopping_records' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_shopping_records AFTER delete ON shopping_records
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'shopping_records' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_insert_stores AFTER insert ON stores
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'stores' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_stores AFTER update ON stores
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'stores' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_stores AFTER delete ON stores
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'stores' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_insert_units AFTER insert ON units
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'units' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_units AFTER update ON units
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'units' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_units AFTER delete ON units
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'units' AND bucket = -1;
END;
CREATE INDEX ix_shoptrack_auth_user_groups_group_id ON shoptrack_auth_user_groups (group_id);
CREATE INDEX ix_shoptrack_auth_failures_address ON shoptrack_auth_failures (address, at);
CREATE INDEX ix_shoptrack_auth_failures_name_digest ON shoptrack_auth_failures (name_digest, at);
CREATE INDEX ix_shoptrack_auth_failures_at ON shoptrack_auth_failures (at);
CREATE INDEX ix_shoptrack_auth_password_links_user_id ON shoptrack_auth_password_links (user_id);
CREATE INDEX ix_shoptrack_auth_password_links_expires_at ON shoptrack_auth_password_links (expires_at);
CREATE UNIQUE INDEX ix_shoptrack_auth_sign_ins_key_digest ON shoptrack_auth_sign_ins (key_digest);
CREATE INDEX ix_shoptrack_admin_history_at ON shoptrack_admin_history (at);
CREATE INDEX ix_shoptrack_admin_history_path ON shoptrack_admin_history (path, row_id, id);
CREATE INDEX ix_shoptrack_admin_history_username ON shoptrack_admin_history (username, id);
CREATE TRIGGER shoptrack_admin_no_update BEFORE UPDATE ON shoptrack_admin_history BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER shoptrack_admin_no_delete BEFORE DELETE ON shoptrack_admin_history BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE INDEX ix_shopping_records_store_id_purchase_date_id ON shopping_records (store_id, purchase_date, id);
CREATE INDEX ix_shopping_records_product_id_purchase_date_id ON shopping_records (product_id, purchase_date, id);
CREATE UNIQUE INDEX ix_shoptrack_reports_unit_factors_unit_id ON shoptrack_reports_unit_factors (unit_id);
CREATE INDEX ix_shoptrack_reports_unit_factors_base ON shoptrack_reports_unit_factors (base);
CREATE INDEX ix_shoptrack_reports_unit_factors_factor ON shoptrack_reports_unit_factors (factor);
CREATE TRIGGER shoptrack_count_insert_shoptrack_reports_unit_factors AFTER insert ON shoptrack_reports_unit_factors
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'shoptrack_reports_unit_factors' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_update_shoptrack_reports_unit_factors AFTER update ON shoptrack_reports_unit_factors
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'shoptrack_reports_unit_factors' AND bucket = -1;
END;
CREATE TRIGGER shoptrack_count_delete_shoptrack_reports_unit_factors AFTER delete ON shoptrack_reports_unit_factors
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = 'shoptrack_reports_unit_factors' AND bucket = -1;
END;
CREATE UNIQUE INDEX ix_shoptrack_auth_sign_ins_sid ON shoptrack_auth_sign_ins (sid);
CREATE INDEX ix_idempotency_keys_at ON idempotency_keys (at);
CREATE INDEX ix_shoptrack_admin_history_feed ON shoptrack_admin_history (path, xid, id);
CREATE INDEX ix_shoptrack_admin_history_part_of ON shoptrack_admin_history (part_of, id) WHERE part_of IS NOT NULL;
CREATE INDEX ix_shoptrack_admin_history_undoes ON shoptrack_admin_history (undoes, id) WHERE undoes IS NOT NULL;
CREATE INDEX ix_shoptrack_admin_uploads_at ON shoptrack_admin_uploads (at);
CREATE INDEX ix_shoptrack_auth_api_tokens_user_id ON shoptrack_auth_api_tokens (user_id);
CREATE INDEX ix_shoptrack_auth_api_tokens_expires_at ON shoptrack_auth_api_tokens (expires_at);
CREATE INDEX ix_shoptrack_admin_history_kind ON shoptrack_admin_history (path, id);
CREATE INDEX ix_shoptrack_admin_history_kind_action ON shoptrack_admin_history (path, action, id);
CREATE INDEX ix_shoptrack_admin_history_action ON shoptrack_admin_history (action, id);
CREATE INDEX ix_shoptrack_admin_history_way ON shoptrack_admin_history (way, id);
CREATE INDEX ix_shoptrack_auth_preset_groups_group_id ON shoptrack_auth_preset_groups (group_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('categories',3);
INSERT INTO "sqlite_sequence" VALUES('units',2);
INSERT INTO "sqlite_sequence" VALUES('manufacturers',1);
INSERT INTO "sqlite_sequence" VALUES('origins',1);
INSERT INTO "sqlite_sequence" VALUES('stores',2);
INSERT INTO "sqlite_sequence" VALUES('products',2);
INSERT INTO "sqlite_sequence" VALUES('shopping_records',3);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_users',2);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_sign_ins',3);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_groups',1);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_failures',1);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_password_links',1);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_admin_history',3);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_reports_unit_factors',1);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_api_tokens',2);
COMMIT;
