BEGIN TRANSACTION;
CREATE TABLE alembic_version_auth (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_auth_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_auth" VALUES('auth_0001');
CREATE TABLE alembic_version_shoptrack (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_shoptrack_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_shoptrack" VALUES('shoptrack_0001');
CREATE TABLE categories (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(50) NOT NULL, 
	CONSTRAINT uq_categories_name UNIQUE (name)
);
INSERT INTO "categories" VALUES(1,'乳製品');
INSERT INTO "categories" VALUES(2,'Ｍeat');
CREATE TABLE manufacturers (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, 
	CONSTRAINT uq_manufacturers_name UNIQUE (name)
);
INSERT INTO "manufacturers" VALUES(1,'明治');
CREATE TABLE origins (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, 
	CONSTRAINT uq_origins_name UNIQUE (name)
);
INSERT INTO "origins" VALUES(1,'北海道');
CREATE TABLE products (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, 
	category_id INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	manufacturer_id INTEGER, 
	origin_id INTEGER, 
	CONSTRAINT fk_products_category_id FOREIGN KEY(category_id) REFERENCES categories (id), 
	CONSTRAINT fk_products_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT fk_products_manufacturer_id FOREIGN KEY(manufacturer_id) REFERENCES manufacturers (id), 
	CONSTRAINT fk_products_origin_id FOREIGN KEY(origin_id) REFERENCES origins (id)
);
INSERT INTO "products" VALUES(1,'ギュウニュウ',1,1,1,1);
INSERT INTO "products" VALUES(2,'Beef, raw',2,1,NULL,NULL);
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
CREATE TABLE shoptrack_auth_sign_ins (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER NOT NULL, 
	password_version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_used_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	address VARCHAR(45) NOT NULL, 
	device VARCHAR(255) NOT NULL, 
	CONSTRAINT fk_shoptrack_auth_sign_ins_user_id FOREIGN KEY(user_id) REFERENCES shoptrack_auth_users (id) ON DELETE CASCADE
);
INSERT INTO "shoptrack_auth_sign_ins" VALUES(1,1,3,'2025-01-31 08:00:00.000000','2025-01-31 09:00:00.000000','2025-02-01 08:00:00.000000','2025-01-31 10:00:00.000000','2001:db8::1','Firefox');
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
	last_login_at DATETIME, 
	CONSTRAINT uq_shoptrack_auth_users_username_key UNIQUE (username_key)
);
INSERT INTO "shoptrack_auth_users" VALUES(1,'Mio','mio','mio@example.com','美緒','','$argon2id$v=19$m=65536,t=3,p=4$I+AFV4DH8KN2wC5v4UHiqA$GjE33vAKiOKIK+GgTKROVFpUnbAm4MRv7rFmekuBe2Y',3,1,1,1,'2024-01-01 00:00:00.000000','2025-01-31 23:59:59.999999');
INSERT INTO "shoptrack_auth_users" VALUES(2,'Ken','ken','','','','!',1,0,0,0,'2024-01-01 00:00:00.000000',NULL);
CREATE TABLE stores (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(100) NOT NULL, 
	location VARCHAR(100) NOT NULL
);
INSERT INTO "stores" VALUES(1,'ライフ','大阪 "駅前"');
INSERT INTO "stores" VALUES(2,'Store','');
CREATE TABLE units (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(10) NOT NULL, 
	CONSTRAINT uq_units_name UNIQUE (name)
);
INSERT INTO "units" VALUES(1,'g');
INSERT INTO "units" VALUES(2,'個');
CREATE INDEX ix_products_category_id ON products (category_id);
CREATE INDEX ix_products_unit_id ON products (unit_id);
CREATE INDEX ix_products_manufacturer_id ON products (manufacturer_id);
CREATE INDEX ix_products_origin_id ON products (origin_id);
CREATE INDEX ix_shopping_records_store_id ON shopping_records (store_id);
CREATE INDEX ix_shopping_records_product_id ON shopping_records (product_id);
CREATE INDEX ix_shopping_records_purchase_date_id ON shopping_records (purchase_date, id);
CREATE INDEX ix_shoptrack_auth_sign_ins_user_id ON shoptrack_auth_sign_ins (user_id);
CREATE INDEX ix_shoptrack_auth_sign_ins_expires_at ON shoptrack_auth_sign_ins (expires_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('categories',2);
INSERT INTO "sqlite_sequence" VALUES('units',2);
INSERT INTO "sqlite_sequence" VALUES('manufacturers',1);
INSERT INTO "sqlite_sequence" VALUES('origins',1);
INSERT INTO "sqlite_sequence" VALUES('stores',2);
INSERT INTO "sqlite_sequence" VALUES('products',2);
INSERT INTO "sqlite_sequence" VALUES('shopping_records',3);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_users',2);
INSERT INTO "sqlite_sequence" VALUES('shoptrack_auth_sign_ins',1);
COMMIT;
