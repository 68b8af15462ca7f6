CREATE TABLE public.alembic_version_shoptrack (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.categories (
    id integer NOT NULL,
    name character varying(50) NOT NULL
);
CREATE SEQUENCE public.categories_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.categories_id_seq OWNED BY public.categories.id;
CREATE TABLE public.manufacturers (
    id integer NOT NULL,
    name character varying(100) NOT NULL
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
    name character varying(100) NOT NULL
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
    origin_id integer
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
CREATE TABLE public.stores (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    location character varying(100) NOT NULL
);
CREATE SEQUENCE public.stores_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.stores_id_seq OWNED BY public.stores.id;
CREATE TABLE public.units (
    id integer NOT NULL,
    name character varying(10) NOT NULL
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
ALTER TABLE ONLY public.stores ALTER COLUMN id SET DEFAULT nextval('public.stores_id_seq'::regclass);
ALTER TABLE ONLY public.units ALTER COLUMN id SET DEFAULT nextval('public.units_id_seq'::regclass);
INSERT INTO public.alembic_version_shoptrack VALUES ('shoptrack_0001');
INSERT INTO public.categories VALUES (1, '乳製品');
INSERT INTO public.categories VALUES (2, 'Ｍeat');
INSERT INTO public.manufacturers VALUES (1, '明治');
INSERT INTO public.origins VALUES (1, '北海道');
INSERT INTO public.products VALUES (1, 'ギュウニュウ', 1, 1, 1, 1);
INSERT INTO public.products VALUES (2, 'Beef, raw', 2, 1, NULL, NULL);
INSERT INTO public.shopping_records VALUES (1, 248, '2024-02-29', 1, 1000.125, 1);
INSERT INTO public.shopping_records VALUES (2, 1980, '2025-01-31', 2, 0.001, 2);
INSERT INTO public.shopping_records VALUES (3, -1, '0001-01-01', 2, -9999999.999, 2);
INSERT INTO public.stores VALUES (1, 'ライフ', '大阪 "駅前"');
INSERT INTO public.stores VALUES (2, 'Store', '');
INSERT INTO public.units VALUES (1, 'g');
INSERT INTO public.units VALUES (2, '個');
SELECT pg_catalog.setval('public.categories_id_seq', 2, true);
SELECT pg_catalog.setval('public.manufacturers_id_seq', 1, true);
SELECT pg_catalog.setval('public.origins_id_seq', 1, true);
SELECT pg_catalog.setval('public.products_id_seq', 2, true);
SELECT pg_catalog.setval('public.shopping_records_id_seq', 3, true);
SELECT pg_catalog.setval('public.stores_id_seq', 2, true);
SELECT pg_catalog.setval('public.units_id_seq', 2, true);
ALTER TABLE ONLY public.alembic_version_shoptrack
    ADD CONSTRAINT alembic_version_shoptrack_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT pk_categories PRIMARY KEY (id);
ALTER TABLE ONLY public.manufacturers
    ADD CONSTRAINT pk_manufacturers PRIMARY KEY (id);
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT pk_origins PRIMARY KEY (id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT pk_products PRIMARY KEY (id);
ALTER TABLE ONLY public.shopping_records
    ADD CONSTRAINT pk_shopping_records PRIMARY KEY (id);
ALTER TABLE ONLY public.stores
    ADD CONSTRAINT pk_stores PRIMARY KEY (id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT pk_units PRIMARY KEY (id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT uq_categories_name UNIQUE (name);
ALTER TABLE ONLY public.manufacturers
    ADD CONSTRAINT uq_manufacturers_name UNIQUE (name);
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT uq_origins_name UNIQUE (name);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT uq_units_name UNIQUE (name);
CREATE INDEX ix_products_category_id ON public.products USING btree (category_id);
CREATE INDEX ix_products_manufacturer_id ON public.products USING btree (manufacturer_id);
CREATE INDEX ix_products_origin_id ON public.products USING btree (origin_id);
CREATE INDEX ix_products_unit_id ON public.products USING btree (unit_id);
CREATE INDEX ix_shopping_records_product_id ON public.shopping_records USING btree (product_id);
CREATE INDEX ix_shopping_records_purchase_date_id ON public.shopping_records USING btree (purchase_date, id);
CREATE INDEX ix_shopping_records_store_id ON public.shopping_records USING btree (store_id);
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
