CREATE FUNCTION public.shoptrack_admin_keep_history() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND current_setting('shoptrack_admin.purging', true) = 'on' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'the history is only added to';
        END $$;
CREATE FUNCTION public.shoptrack_count_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO table_versions AS v (name, bucket, version)
    VALUES (TG_TABLE_NAME, pg_backend_pid() % 16, 1)
    ON CONFLICT (name, bucket) DO UPDATE SET version = v.version + 1
    WHERE v.xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$;
CREATE TABLE public.alembic_version_admin (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alembic_version_auth (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alembic_version_reports (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alembic_version_shoptrack (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.categories (
    id integer NOT NULL,
    name character varying(50) NOT NULL,
    name_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.categories_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.categories_id_seq OWNED BY public.categories.id;
CREATE TABLE public.history_feed (
    token character varying(32) NOT NULL
);
CREATE TABLE public.history_purges (
    path character varying(100) NOT NULL,
    source character varying(32) NOT NULL,
    xid bigint NOT NULL,
    entry_id bigint NOT NULL
);
CREATE TABLE public.idempotency_keys (
    user_id bigint NOT NULL,
    key character varying(255) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    status integer NOT NULL,
    headers json NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE public.job_states (
    name character varying(100) NOT NULL,
    known_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    succeeded_at timestamp with time zone,
    outcome character varying(20) NOT NULL,
    error text NOT NULL,
    attempt integer NOT NULL,
    successes bigint NOT NULL,
    failures bigint NOT NULL,
    token character varying(32),
    locked_until timestamp with time zone
);
CREATE TABLE public.lineage_tables (
    name character varying(63) NOT NULL,
    lineage character varying(40) NOT NULL,
    location character varying(255) NOT NULL
);
CREATE TABLE public.manufacturers (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    name_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.manufacturers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.manufacturers_id_seq OWNED BY public.manufacturers.id;
CREATE TABLE public.origins (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    name_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.origins_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.origins_id_seq OWNED BY public.origins.id;
CREATE TABLE public.products (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    category_id integer NOT NULL,
    unit_id integer NOT NULL,
    manufacturer_id integer,
    origin_id integer,
    name_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.products_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.products_id_seq OWNED BY public.products.id;
CREATE TABLE public.shopping_records (
    id integer NOT NULL,
    price integer NOT NULL,
    purchase_date date NOT NULL,
    store_id integer NOT NULL,
    quantity numeric(10,3) NOT NULL,
    product_id integer NOT NULL
);
CREATE SEQUENCE public.shopping_records_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shopping_records_id_seq OWNED BY public.shopping_records.id;
CREATE TABLE public.shoptrack_admin_history (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id integer,
    username character varying(150) NOT NULL,
    address character varying(45) NOT NULL,
    way character varying(20) NOT NULL,
    action character varying(20) NOT NULL,
    path character varying(100) NOT NULL,
    row_id integer,
    label character varying(300) NOT NULL,
    changes json NOT NULL,
    job character varying(100) DEFAULT ''::character varying NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)),
    part_of integer,
    undoes integer
);
CREATE SEQUENCE public.shoptrack_admin_history_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_admin_history_id_seq OWNED BY public.shoptrack_admin_history.id;
CREATE TABLE public.shoptrack_admin_upload_parts (
    upload_id integer NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.shoptrack_admin_uploads (
    id integer NOT NULL,
    user_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    path character varying(100) NOT NULL,
    name character varying(200) NOT NULL,
    options json NOT NULL,
    report json NOT NULL
);
CREATE SEQUENCE public.shoptrack_admin_uploads_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_admin_uploads_id_seq OWNED BY public.shoptrack_admin_uploads.id;
CREATE TABLE public.shoptrack_auth_api_tokens (
    id integer NOT NULL,
    user_id integer NOT NULL,
    name character varying(100) NOT NULL,
    key_digest character varying(64) NOT NULL,
    scope character varying(10) NOT NULL,
    permissions json,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone
);
CREATE SEQUENCE public.shoptrack_auth_api_tokens_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_auth_api_tokens_id_seq OWNED BY public.shoptrack_auth_api_tokens.id;
CREATE TABLE public.shoptrack_auth_failures (
    id integer NOT NULL,
    kind character varying(20) NOT NULL,
    name_digest character varying(64),
    address character varying(45) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.shoptrack_auth_failures_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_auth_failures_id_seq OWNED BY public.shoptrack_auth_failures.id;
CREATE TABLE public.shoptrack_auth_group_permissions (
    group_id integer NOT NULL,
    permission character varying(255) NOT NULL
);
CREATE TABLE public.shoptrack_auth_groups (
    id integer NOT NULL,
    name character varying(150) NOT NULL,
    name_key text NOT NULL
);
CREATE SEQUENCE public.shoptrack_auth_groups_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_auth_groups_id_seq OWNED BY public.shoptrack_auth_groups.id;
CREATE TABLE public.shoptrack_auth_numbered_sessions (
    until timestamp with time zone NOT NULL
);
CREATE TABLE public.shoptrack_auth_password_links (
    id integer NOT NULL,
    user_id integer NOT NULL,
    key_digest character varying(64) NOT NULL,
    password_version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.shoptrack_auth_password_links_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_auth_password_links_id_seq OWNED BY public.shoptrack_auth_password_links.id;
CREATE TABLE public.shoptrack_auth_preset_groups (
    name character varying(30) NOT NULL,
    group_id integer,
    permissions json NOT NULL
);
CREATE TABLE public.shoptrack_auth_sign_ins (
    id integer NOT NULL,
    user_id integer NOT NULL,
    password_version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    address character varying(45) NOT NULL,
    device character varying(255) NOT NULL,
    kind character varying(10) DEFAULT 'token'::character varying NOT NULL,
    key_digest character varying(64),
    sid character varying(22)
);
CREATE SEQUENCE public.shoptrack_auth_sign_ins_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_auth_sign_ins_id_seq OWNED BY public.shoptrack_auth_sign_ins.id;
CREATE TABLE public.shoptrack_auth_user_groups (
    user_id integer NOT NULL,
    group_id integer NOT NULL
);
CREATE TABLE public.shoptrack_auth_user_permissions (
    user_id integer NOT NULL,
    permission character varying(255) NOT NULL
);
CREATE TABLE public.shoptrack_auth_users (
    id integer NOT NULL,
    username character varying(150) NOT NULL,
    username_key text NOT NULL,
    email character varying(254) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    password character varying(255) NOT NULL,
    password_version integer NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL,
    is_superuser boolean NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    last_login_at timestamp with time zone,
    language character varying(10) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.shoptrack_auth_users_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_auth_users_id_seq OWNED BY public.shoptrack_auth_users.id;
CREATE TABLE public.shoptrack_reports_unit_factors (
    id integer NOT NULL,
    unit_id integer NOT NULL,
    base character varying(10) NOT NULL,
    factor numeric(10,3) NOT NULL
);
CREATE SEQUENCE public.shoptrack_reports_unit_factors_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shoptrack_reports_unit_factors_id_seq OWNED BY public.shoptrack_reports_unit_factors.id;
CREATE TABLE public.stores (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    location character varying(100) NOT NULL,
    name_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C",
    location_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.stores_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.stores_id_seq OWNED BY public.stores.id;
CREATE TABLE public.table_versions (
    name character varying(100) NOT NULL,
    bucket bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.units (
    id integer NOT NULL,
    name character varying(10) NOT NULL,
    name_folded character varying(400) DEFAULT ''::character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.units_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.units_id_seq OWNED BY public.units.id;
ALTER TABLE ONLY public.categories ALTER COLUMN id SET DEFAULT nextval('public.categories_id_seq'::regclass);
ALTER TABLE ONLY public.manufacturers ALTER COLUMN id SET DEFAULT nextval('public.manufacturers_id_seq'::regclass);
ALTER TABLE ONLY public.origins ALTER COLUMN id SET DEFAULT nextval('public.origins_id_seq'::regclass);
ALTER TABLE ONLY public.products ALTER COLUMN id SET DEFAULT nextval('public.products_id_seq'::regclass);
ALTER TABLE ONLY public.shopping_records ALTER COLUMN id SET DEFAULT nextval('public.shopping_records_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_admin_history ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_admin_history_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_admin_uploads ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_admin_uploads_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_auth_api_tokens ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_auth_api_tokens_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_auth_failures ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_auth_failures_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_auth_groups ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_auth_groups_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_auth_password_links ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_auth_password_links_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_auth_sign_ins ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_auth_sign_ins_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_auth_users ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_auth_users_id_seq'::regclass);
ALTER TABLE ONLY public.shoptrack_reports_unit_factors ALTER COLUMN id SET DEFAULT nextval('public.shoptrack_reports_unit_factors_id_seq'::regclass);
ALTER TABLE ONLY public.stores ALTER COLUMN id SET DEFAULT nextval('public.stores_id_seq'::regclass);
ALTER TABLE ONLY public.units ALTER COLUMN id SET DEFAULT nextval('public.units_id_seq'::regclass);
INSERT INTO public.alembic_version_admin VALUES ('admin_0002');
INSERT INTO public.alembic_version_auth VALUES ('auth_0005');
INSERT INTO public.alembic_version_reports VALUES ('reports_0001');
INSERT INTO public.alembic_version_shoptrack VALUES ('shoptrack_0011');
INSERT INTO public.categories VALUES (1, '乳製品', '乳製品');
INSERT INTO public.categories VALUES (2, 'Ｍeat', 'meat');
INSERT INTO public.categories VALUES (3, 'ヨーグルト', 'よーぐると');
INSERT INTO public.history_feed VALUES ('dd72d075dc588b86');
INSERT INTO public.job_states VALUES ('auth.purge', '2026-11-30 08:00:00+00', '2026-11-30 18:30:00+00', '2026-11-30 18:30:01+00', NULL, 'failed', 'OSError: x', 1, 0, 1, NULL, NULL);
INSERT INTO public.lineage_tables VALUES ('categories', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('history_feed', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('history_purges', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('idempotency_keys', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('job_states', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('lineage_tables', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('manufacturers', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('origins', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('products', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('shopping_records', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_admin_history', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('stores', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('table_versions', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('units', 'shoptrack', 'shoptrack:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_admin_upload_parts', 'admin', 'shoptrack_admin:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_admin_uploads', 'admin', 'shoptrack_admin:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_api_tokens', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_failures', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_group_permissions', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_groups', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_numbered_sessions', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_password_links', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_preset_groups', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_sign_ins', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_user_groups', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_user_permissions', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_auth_users', 'auth', 'shoptrack_auth:revisions');
INSERT INTO public.lineage_tables VALUES ('shoptrack_reports_unit_factors', 'reports', 'shoptrack_reports:revisions');
INSERT INTO public.manufacturers VALUES (1, '明治', '明治');
INSERT INTO public.origins VALUES (1, '北海道', '北海道');
INSERT INTO public.products VALUES (1, 'ギュウニュウ', 1, 1, 1, 1, 'ぎゅうにゅう');
INSERT INTO public.products VALUES (2, 'Beef, raw', 2, 1, NULL, NULL, 'beef, raw');
INSERT INTO public.shopping_records VALUES (1, 248, '2024-02-29', 1, 1000.125, 1);
INSERT INTO public.shopping_records VALUES (2, 1980, '2025-01-31', 2, 0.001, 2);
INSERT INTO public.shopping_records VALUES (3, -1, '0001-01-01', 2, -9999999.999, 2);
INSERT INTO public.shoptrack_admin_history VALUES (1, '2025-01-31 08:00:00+00', 1, 'Mio', '192.0.2.1', 'administration', 'changed', 'stores', 1, 'ライフ', '{"name": ["Life", "ライフ"]}', '', NULL, NULL, NULL);
INSERT INTO public.shoptrack_admin_history VALUES (2, '2026-11-30 08:00:00+00', NULL, '', '', 'command', 'added', 'stores', 2, 'コープ', '{"name": [null, "コープ"]}', '', NULL, NULL, NULL);
INSERT INTO public.shoptrack_admin_history VALUES (3, '2026-11-30 09:00:00+00', NULL, '', '', 'job', 'changed', 'stores', 2, 'コープ', '{"name": ["コープ", "コープ"]}', 'household.tick', NULL, NULL, NULL);
INSERT INTO public.shoptrack_auth_api_tokens VALUES (1, 1, '台所', 'c3', 'read', NULL, '2025-01-31 08:00:00+00', NULL, '2025-01-31 09:00:00+00');
INSERT INTO public.shoptrack_auth_api_tokens VALUES (2, 2, 'script', 'd4', 'write', '["stores:view"]', '2025-01-31 08:00:00+00', '2026-01-31 08:00:00+00', NULL);
INSERT INTO public.shoptrack_auth_failures VALUES (1, 'sign-in', NULL, '192.0.2.1', '2025-01-31 08:00:00+00');
INSERT INTO public.shoptrack_auth_group_permissions VALUES (1, 'products:change');
INSERT INTO public.shoptrack_auth_groups VALUES (1, 'Family', 'family');
INSERT INTO public.shoptrack_auth_numbered_sessions VALUES ('2026-12-01 09:37:26.087857+00');
INSERT INTO public.shoptrack_auth_password_links VALUES (1, 2, 'a1', 1, '2025-01-31 08:00:00+00', '2025-02-01 08:00:00+00');
INSERT INTO public.shoptrack_auth_sign_ins VALUES (1, 1, 3, '2025-01-31 08:00:00+00', '2025-01-31 09:00:00+00', '2025-02-01 08:00:00+00', '2025-01-31 10:00:00+00', '2001:db8::1', 'Firefox', 'token', NULL, NULL);
INSERT INTO public.shoptrack_auth_sign_ins VALUES (2, 1, 3, '2025-01-31 08:00:00+00', '2025-01-31 09:00:00+00', '2025-02-01 08:00:00+00', NULL, '192.0.2.1', '', 'browser', 'b2', NULL);
INSERT INTO public.shoptrack_auth_sign_ins VALUES (3, 2, 1, '2025-01-31 08:00:00+00', '2025-01-31 09:00:00+00', '2025-02-01 08:00:00+00', NULL, '192.0.2.1', '', 'token', NULL, 'c3c3c3c3c3c3c3c3c3c3c3');
INSERT INTO public.shoptrack_auth_user_groups VALUES (1, 1);
INSERT INTO public.shoptrack_auth_user_permissions VALUES (2, 'stores:view');
INSERT INTO public.shoptrack_auth_users VALUES (1, 'Mio', 'mio', 'mio@example.com', '美緒', '', '$argon2id$v=19$m=65536,t=3,p=4$I+AFV4DH8KN2wC5v4UHiqA$GjE33vAKiOKIK+GgTKROVFpUnbAm4MRv7rFmekuBe2Y', 3, true, true, true, '2024-01-01 00:00:00+00', '2025-01-31 23:59:59.999999+00', '');
INSERT INTO public.shoptrack_auth_users VALUES (2, 'Ken', 'ken', '', '', '', '!', 1, false, false, false, '2024-01-01 00:00:00+00', NULL, '');
INSERT INTO public.shoptrack_reports_unit_factors VALUES (1, 2, 'g', 62.500);
INSERT INTO public.stores VALUES (1, 'ライフ', '大阪 "駅前"', 'らいふ', '大阪 "駅前"');
INSERT INTO public.stores VALUES (2, 'Store', '', 'store', '');
INSERT INTO public.table_versions VALUES ('categories', -1, 2053776438503383);
INSERT INTO public.table_versions VALUES ('manufacturers', -1, 2096279000778416);
INSERT INTO public.table_versions VALUES ('origins', -1, 138474322290369);
INSERT INTO public.table_versions VALUES ('products', -1, 630832740006524);
INSERT INTO public.table_versions VALUES ('shopping_records', -1, 3289955576593669);
INSERT INTO public.table_versions VALUES ('stores', -1, 1059429282167597);
INSERT INTO public.table_versions VALUES ('units', -1, 1657015359415486);
INSERT INTO public.table_versions VALUES ('categories', 5, 1);
INSERT INTO public.table_versions VALUES ('shoptrack_reports_unit_factors', -1, 1214153435786364);
INSERT INTO public.table_versions VALUES ('shoptrack_reports_unit_factors', 5, 1);
INSERT INTO public.units VALUES (1, 'g', 'g');
INSERT INTO public.units VALUES (2, '個', '個');
SELECT pg_catalog.setval('public.categories_id_seq', 3, true);
SELECT pg_catalog.setval('public.manufacturers_id_seq', 1, true);
SELECT pg_catalog.setval('public.origins_id_seq', 1, true);
SELECT pg_catalog.setval('public.products_id_seq', 2, true);
SELECT pg_catalog.setval('public.shopping_records_id_seq', 3, true);
SELECT pg_catalog.setval('public.shoptrack_admin_history_id_seq', 3, true);
SELECT pg_catalog.setval('public.shoptrack_admin_uploads_id_seq', 1, false);
SELECT pg_catalog.setval('public.shoptrack_auth_api_tokens_id_seq', 2, true);
SELECT pg_catalog.setval('public.shoptrack_auth_failures_id_seq', 1, true);
SELECT pg_catalog.setval('public.shoptrack_auth_groups_id_seq', 1, true);
SELECT pg_catalog.setval('public.shoptrack_auth_password_links_id_seq', 1, true);
SELECT pg_catalog.setval('public.shoptrack_auth_sign_ins_id_seq', 3, true);
SELECT pg_catalog.setval('public.shoptrack_auth_users_id_seq', 2, true);
SELECT pg_catalog.setval('public.shoptrack_reports_unit_factors_id_seq', 1, true);
SELECT pg_catalog.setval('public.stores_id_seq', 2, true);
SELECT pg_catalog.setval('public.units_id_seq', 2, true);
ALTER TABLE ONLY public.alembic_version_admin
    ADD CONSTRAINT alembic_version_admin_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alembic_version_auth
    ADD CONSTRAINT alembic_version_auth_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alembic_version_reports
    ADD CONSTRAINT alembic_version_reports_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alembic_version_shoptrack
    ADD CONSTRAINT alembic_version_shoptrack_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT pk_categories PRIMARY KEY (id);
ALTER TABLE ONLY public.history_feed
    ADD CONSTRAINT pk_history_feed PRIMARY KEY (token);
ALTER TABLE ONLY public.history_purges
    ADD CONSTRAINT pk_history_purges PRIMARY KEY (path);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, key);
ALTER TABLE ONLY public.job_states
    ADD CONSTRAINT pk_job_states PRIMARY KEY (name);
ALTER TABLE ONLY public.lineage_tables
    ADD CONSTRAINT pk_lineage_tables PRIMARY KEY (name);
ALTER TABLE ONLY public.manufacturers
    ADD CONSTRAINT pk_manufacturers PRIMARY KEY (id);
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT pk_origins PRIMARY KEY (id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT pk_products PRIMARY KEY (id);
ALTER TABLE ONLY public.shopping_records
    ADD CONSTRAINT pk_shopping_records PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_admin_history
    ADD CONSTRAINT pk_shoptrack_admin_history PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_admin_upload_parts
    ADD CONSTRAINT pk_shoptrack_admin_upload_parts PRIMARY KEY (upload_id, number);
ALTER TABLE ONLY public.shoptrack_admin_uploads
    ADD CONSTRAINT pk_shoptrack_admin_uploads PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_auth_api_tokens
    ADD CONSTRAINT pk_shoptrack_auth_api_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_auth_failures
    ADD CONSTRAINT pk_shoptrack_auth_failures PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_auth_group_permissions
    ADD CONSTRAINT pk_shoptrack_auth_group_permissions PRIMARY KEY (group_id, permission);
ALTER TABLE ONLY public.shoptrack_auth_groups
    ADD CONSTRAINT pk_shoptrack_auth_groups PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_auth_numbered_sessions
    ADD CONSTRAINT pk_shoptrack_auth_numbered_sessions PRIMARY KEY (until);
ALTER TABLE ONLY public.shoptrack_auth_password_links
    ADD CONSTRAINT pk_shoptrack_auth_password_links PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_auth_preset_groups
    ADD CONSTRAINT pk_shoptrack_auth_preset_groups PRIMARY KEY (name);
ALTER TABLE ONLY public.shoptrack_auth_sign_ins
    ADD CONSTRAINT pk_shoptrack_auth_sign_ins PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_auth_user_groups
    ADD CONSTRAINT pk_shoptrack_auth_user_groups PRIMARY KEY (user_id, group_id);
ALTER TABLE ONLY public.shoptrack_auth_user_permissions
    ADD CONSTRAINT pk_shoptrack_auth_user_permissions PRIMARY KEY (user_id, permission);
ALTER TABLE ONLY public.shoptrack_auth_users
    ADD CONSTRAINT pk_shoptrack_auth_users PRIMARY KEY (id);
ALTER TABLE ONLY public.shoptrack_reports_unit_factors
    ADD CONSTRAINT pk_shoptrack_reports_unit_factors PRIMARY KEY (id);
ALTER TABLE ONLY public.stores
    ADD CONSTRAINT pk_stores PRIMARY KEY (id);
ALTER TABLE ONLY public.table_versions
    ADD CONSTRAINT pk_table_versions PRIMARY KEY (name, bucket);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT pk_units PRIMARY KEY (id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT uq_categories_name UNIQUE (name);
ALTER TABLE ONLY public.manufacturers
    ADD CONSTRAINT uq_manufacturers_name UNIQUE (name);
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT uq_origins_name UNIQUE (name);
ALTER TABLE ONLY public.shoptrack_auth_api_tokens
    ADD CONSTRAINT uq_shoptrack_auth_api_tokens_key_digest UNIQUE (key_digest);
ALTER TABLE ONLY public.shoptrack_auth_groups
    ADD CONSTRAINT uq_shoptrack_auth_groups_name_key UNIQUE (name_key);
ALTER TABLE ONLY public.shoptrack_auth_password_links
    ADD CONSTRAINT uq_shoptrack_auth_password_links_key_digest UNIQUE (key_digest);
ALTER TABLE ONLY public.shoptrack_auth_users
    ADD CONSTRAINT uq_shoptrack_auth_users_username_key UNIQUE (username_key);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT uq_units_name UNIQUE (name);
CREATE INDEX characters_categories_name_folded ON public.categories USING gin (string_to_array((name_folded)::text, NULL::text));
CREATE INDEX characters_manufacturers_name_folded ON public.manufacturers USING gin (string_to_array((name_folded)::text, NULL::text));
CREATE INDEX characters_origins_name_folded ON public.origins USING gin (string_to_array((name_folded)::text, NULL::text));
CREATE INDEX characters_products_name_folded ON public.products USING gin (string_to_array((name_folded)::text, NULL::text));
CREATE INDEX characters_stores_location_folded ON public.stores USING gin (string_to_array((location_folded)::text, NULL::text));
CREATE INDEX characters_stores_name_folded ON public.stores USING gin (string_to_array((name_folded)::text, NULL::text));
CREATE INDEX characters_units_name_folded ON public.units USING gin (string_to_array((name_folded)::text, NULL::text));
CREATE INDEX ix_categories_name_folded ON public.categories USING btree (name_folded);
CREATE INDEX ix_idempotency_keys_at ON public.idempotency_keys USING btree (at);
CREATE INDEX ix_manufacturers_name_folded ON public.manufacturers USING btree (name_folded);
CREATE INDEX ix_origins_name_folded ON public.origins USING btree (name_folded);
CREATE INDEX ix_products_category_id ON public.products USING btree (category_id);
CREATE INDEX ix_products_manufacturer_id ON public.products USING btree (manufacturer_id);
CREATE INDEX ix_products_name_folded ON public.products USING btree (name_folded);
CREATE INDEX ix_products_origin_id ON public.products USING btree (origin_id);
CREATE INDEX ix_products_unit_id ON public.products USING btree (unit_id);
CREATE INDEX ix_shopping_records_price_id ON public.shopping_records USING btree (price, id);
CREATE INDEX ix_shopping_records_product_id_purchase_date_id ON public.shopping_records USING btree (product_id, purchase_date, id);
CREATE INDEX ix_shopping_records_purchase_date_id ON public.shopping_records USING btree (purchase_date, id);
CREATE INDEX ix_shopping_records_quantity_id ON public.shopping_records USING btree (quantity, id);
CREATE INDEX ix_shopping_records_store_id_purchase_date_id ON public.shopping_records USING btree (store_id, purchase_date, id);
CREATE INDEX ix_shoptrack_admin_history_action ON public.shoptrack_admin_history USING btree (action, id);
CREATE INDEX ix_shoptrack_admin_history_at ON public.shoptrack_admin_history USING btree (at);
CREATE INDEX ix_shoptrack_admin_history_feed ON public.shoptrack_admin_history USING btree (path, xid, id) WHERE (xid IS NOT NULL);
CREATE INDEX ix_shoptrack_admin_history_kind ON public.shoptrack_admin_history USING btree (path, id);
CREATE INDEX ix_shoptrack_admin_history_kind_action ON public.shoptrack_admin_history USING btree (path, action, id);
CREATE INDEX ix_shoptrack_admin_history_part_of ON public.shoptrack_admin_history USING btree (part_of, id) WHERE (part_of IS NOT NULL);
CREATE INDEX ix_shoptrack_admin_history_path ON public.shoptrack_admin_history USING btree (path, row_id, id);
CREATE INDEX ix_shoptrack_admin_history_undoes ON public.shoptrack_admin_history USING btree (undoes, id) WHERE (undoes IS NOT NULL);
CREATE INDEX ix_shoptrack_admin_history_username ON public.shoptrack_admin_history USING btree (username, id);
CREATE INDEX ix_shoptrack_admin_history_way ON public.shoptrack_admin_history USING btree (way, id);
CREATE INDEX ix_shoptrack_admin_uploads_at ON public.shoptrack_admin_uploads USING btree (at);
CREATE INDEX ix_shoptrack_auth_api_tokens_expires_at ON public.shoptrack_auth_api_tokens USING btree (expires_at);
CREATE INDEX ix_shoptrack_auth_api_tokens_user_id ON public.shoptrack_auth_api_tokens USING btree (user_id);
CREATE INDEX ix_shoptrack_auth_failures_address ON public.shoptrack_auth_failures USING btree (address, at);
CREATE INDEX ix_shoptrack_auth_failures_at ON public.shoptrack_auth_failures USING btree (at);
CREATE INDEX ix_shoptrack_auth_failures_name_digest ON public.shoptrack_auth_failures USING btree (name_digest, at);
CREATE INDEX ix_shoptrack_auth_password_links_expires_at ON public.shoptrack_auth_password_links USING btree (expires_at);
CREATE INDEX ix_shoptrack_auth_password_links_user_id ON public.shoptrack_auth_password_links USING btree (user_id);
CREATE INDEX ix_shoptrack_auth_preset_groups_group_id ON public.shoptrack_auth_preset_groups USING btree (group_id);
CREATE INDEX ix_shoptrack_auth_sign_ins_expires_at ON public.shoptrack_auth_sign_ins USING btree (expires_at);
CREATE UNIQUE INDEX ix_shoptrack_auth_sign_ins_key_digest ON public.shoptrack_auth_sign_ins USING btree (key_digest);
CREATE UNIQUE INDEX ix_shoptrack_auth_sign_ins_sid ON public.shoptrack_auth_sign_ins USING btree (sid);
CREATE INDEX ix_shoptrack_auth_sign_ins_user_id ON public.shoptrack_auth_sign_ins USING btree (user_id);
CREATE INDEX ix_shoptrack_auth_user_groups_group_id ON public.shoptrack_auth_user_groups USING btree (group_id);
CREATE INDEX ix_shoptrack_reports_unit_factors_base ON public.shoptrack_reports_unit_factors USING btree (base);
CREATE INDEX ix_shoptrack_reports_unit_factors_factor ON public.shoptrack_reports_unit_factors USING btree (factor);
CREATE UNIQUE INDEX ix_shoptrack_reports_unit_factors_unit_id ON public.shoptrack_reports_unit_factors USING btree (unit_id);
CREATE INDEX ix_stores_location_folded ON public.stores USING btree (location_folded);
CREATE INDEX ix_stores_name_folded ON public.stores USING btree (name_folded);
CREATE INDEX ix_units_name_folded ON public.units USING btree (name_folded);
CREATE TRIGGER shoptrack_admin_keep_rows BEFORE DELETE OR UPDATE ON public.shoptrack_admin_history FOR EACH ROW EXECUTE FUNCTION public.shoptrack_admin_keep_history();
CREATE TRIGGER shoptrack_admin_keep_table BEFORE TRUNCATE ON public.shoptrack_admin_history FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_admin_keep_history();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.categories FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.manufacturers FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.origins FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.products FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.shopping_records FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.shoptrack_reports_unit_factors FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.stores FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
CREATE TRIGGER shoptrack_count_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.units FOR EACH STATEMENT EXECUTE FUNCTION public.shoptrack_count_change();
ALTER TABLE ONLY public.products
    ADD CONSTRAINT fk_products_category_id FOREIGN KEY (category_id) REFERENCES public.categories(id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT fk_products_manufacturer_id FOREIGN KEY (manufacturer_id) REFERENCES public.manufacturers(id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT fk_products_origin_id FOREIGN KEY (origin_id) REFERENCES public.origins(id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT fk_products_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.shopping_records
    ADD CONSTRAINT fk_shopping_records_product_id FOREIGN KEY (product_id) REFERENCES public.products(id);
ALTER TABLE ONLY public.shopping_records
    ADD CONSTRAINT fk_shopping_records_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.shoptrack_admin_upload_parts
    ADD CONSTRAINT fk_shoptrack_admin_upload_parts_upload FOREIGN KEY (upload_id) REFERENCES public.shoptrack_admin_uploads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_api_tokens
    ADD CONSTRAINT fk_shoptrack_auth_api_tokens_user_id FOREIGN KEY (user_id) REFERENCES public.shoptrack_auth_users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_group_permissions
    ADD CONSTRAINT fk_shoptrack_auth_group_permissions_group_id FOREIGN KEY (group_id) REFERENCES public.shoptrack_auth_groups(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_password_links
    ADD CONSTRAINT fk_shoptrack_auth_password_links_user_id FOREIGN KEY (user_id) REFERENCES public.shoptrack_auth_users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_preset_groups
    ADD CONSTRAINT fk_shoptrack_auth_preset_groups_group_id FOREIGN KEY (group_id) REFERENCES public.shoptrack_auth_groups(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.shoptrack_auth_sign_ins
    ADD CONSTRAINT fk_shoptrack_auth_sign_ins_user_id FOREIGN KEY (user_id) REFERENCES public.shoptrack_auth_users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_user_groups
    ADD CONSTRAINT fk_shoptrack_auth_user_groups_group_id FOREIGN KEY (group_id) REFERENCES public.shoptrack_auth_groups(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_user_groups
    ADD CONSTRAINT fk_shoptrack_auth_user_groups_user_id FOREIGN KEY (user_id) REFERENCES public.shoptrack_auth_users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_auth_user_permissions
    ADD CONSTRAINT fk_shoptrack_auth_user_permissions_user_id FOREIGN KEY (user_id) REFERENCES public.shoptrack_auth_users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shoptrack_reports_unit_factors
    ADD CONSTRAINT fk_shoptrack_reports_unit_factors_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
