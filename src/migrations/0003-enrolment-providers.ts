import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Areas, insured persons and their coverage, designated providers, the catalogue and the demonstration's progress.
 *
 * Tables that grow with people carry (pool_area, person_id) in every key, those that grow with providers
 * (pool_area, institution_id): hash distribution needs no redesign. `area` and the catalogue are reference tables.
 * Periods are half-open date ranges; what the law forbids to overlap is forbidden by an exclusion constraint.
 */
export class EnrolmentProviders1700000000003 implements MigrationInterface {
  name = 'EnrolmentProviders1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
    for (const sql of [AREA, PERSON, COVERAGE, INSTITUTION, STAFF, AGREEMENT, CATALOGUE, DEMO, GRANTS]) {
      await runner.query(sql);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

const AREA = `
CREATE TABLE area (
  code text NOT NULL,
  name text NOT NULL,
  level text NOT NULL,
  parent_code text,
  path text NOT NULL,
  CONSTRAINT area_pk PRIMARY KEY (code),
  CONSTRAINT area_uq_path UNIQUE (path),
  CONSTRAINT area_fk_parent FOREIGN KEY (parent_code) REFERENCES area (code),
  CONSTRAINT area_ck_code CHECK (code ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
  CONSTRAINT area_ck_level CHECK (level IN ('pool', 'county', 'town', 'village')),
  CONSTRAINT area_ck_root CHECK ((level = 'pool') = (parent_code IS NULL)),
  CONSTRAINT area_ck_path CHECK (path = code OR path LIKE '%.' || code)
)`;

const PERSON = `
CREATE TABLE person (
  pool_area text NOT NULL,
  id uuid NOT NULL,
  id_no text NOT NULL,
  name text NOT NULL,
  sex text NOT NULL,
  birth_date date NOT NULL,
  area_code text NOT NULL,
  phone text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT person_pk PRIMARY KEY (pool_area, id),
  CONSTRAINT person_uq_id_no UNIQUE (pool_area, id_no),
  CONSTRAINT person_fk_pool FOREIGN KEY (pool_area) REFERENCES area (code),
  CONSTRAINT person_fk_area FOREIGN KEY (area_code) REFERENCES area (code),
  CONSTRAINT person_ck_id_no CHECK (id_no ~ '^[0-9]{17}[0-9X]$'),
  CONSTRAINT person_ck_sex CHECK (sex IN ('1', '2')),
  CONSTRAINT person_ck_name CHECK (char_length(name) BETWEEN 1 AND 100)
);
CREATE INDEX person_ix_area ON person (pool_area, area_code, id);
-- A name is two to four characters: the set of its characters is the index (trigrams would need three),
-- and every character counts as one, those outside the Basic Multilingual Plane too.
CREATE INDEX person_ix_name_characters ON person USING gin (string_to_array(name, NULL));

CREATE TABLE person_mark (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  mark text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  evidence text,
  CONSTRAINT person_mark_pk PRIMARY KEY (pool_area, person_id, mark, valid_from),
  CONSTRAINT person_mark_fk_person FOREIGN KEY (pool_area, person_id) REFERENCES person (pool_area, id),
  CONSTRAINT person_mark_ck_mark CHECK (mark ~ '^[a-z][a-z-]{1,30}$'),
  CONSTRAINT person_mark_ck_period CHECK (valid_to > valid_from),
  CONSTRAINT person_mark_no_overlap EXCLUDE USING gist
    (pool_area WITH =, person_id WITH =, mark WITH =, daterange(valid_from, valid_to) WITH &&)
)`;

const COVERAGE = `
CREATE TABLE coverage (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  id uuid NOT NULL,
  scheme text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  insured_type text NOT NULL,
  valid daterange NOT NULL,
  benefits_from date NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT coverage_pk PRIMARY KEY (pool_area, person_id, id),
  CONSTRAINT coverage_fk_person FOREIGN KEY (pool_area, person_id) REFERENCES person (pool_area, id),
  CONSTRAINT coverage_ck_scheme CHECK (scheme IN ('310', '390')),
  CONSTRAINT coverage_ck_status CHECK (status IN ('active', 'suspended')),
  CONSTRAINT coverage_ck_insured_type CHECK (
    (scheme = '310' AND insured_type IN ('employed', 'retired'))
    OR (scheme = '390' AND insured_type IN ('adult', 'student', 'newborn'))),
  CONSTRAINT coverage_ck_valid CHECK (
    NOT isempty(valid) AND NOT lower_inf(valid) AND lower_inc(valid) AND benefits_from >= lower(valid)),
  -- Nobody is in two schemes, or twice in one, on the same day.
  CONSTRAINT coverage_no_overlap EXCLUDE USING gist (pool_area WITH =, person_id WITH =, valid WITH &&)
);
CREATE INDEX coverage_ix_scheme ON coverage (pool_area, scheme, person_id)`;

const INSTITUTION = `
CREATE TABLE institution (
  pool_area text NOT NULL,
  id uuid NOT NULL,
  code12 text NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  level text NOT NULL,
  speciality text NOT NULL DEFAULT 'general',
  ownership text NOT NULL DEFAULT 'public',
  area_code text NOT NULL,
  price_level text NOT NULL,
  beds integer NOT NULL DEFAULT 0,
  uscc text,
  payee_name text,
  payee_bank text,
  payee_account text,
  state text NOT NULL DEFAULT 'active',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT institution_pk PRIMARY KEY (pool_area, id),
  CONSTRAINT institution_uq_code12 UNIQUE (pool_area, code12),
  CONSTRAINT institution_fk_pool FOREIGN KEY (pool_area) REFERENCES area (code),
  CONSTRAINT institution_fk_area FOREIGN KEY (area_code) REFERENCES area (code),
  CONSTRAINT institution_ck_code12 CHECK (code12 ~ '^[HP][0-9]{11}$'),
  CONSTRAINT institution_ck_type CHECK (type IN ('hospital', 'primary', 'pharmacy')),
  CONSTRAINT institution_ck_level CHECK (level IN ('tertiary', 'secondary', 'primary')),
  CONSTRAINT institution_ck_price_level CHECK (price_level IN ('tertiary', 'secondary', 'primary')),
  CONSTRAINT institution_ck_speciality CHECK (
    speciality IN ('general', 'tcm', 'maternity', 'orthopaedics', 'psychiatric', 'rehabilitation')),
  CONSTRAINT institution_ck_ownership CHECK (ownership IN ('public', 'private')),
  CONSTRAINT institution_ck_beds CHECK (beds >= 0 AND (type <> 'pharmacy' OR beds = 0)),
  CONSTRAINT institution_ck_state CHECK (state IN ('active', 'closed'))
);
CREATE INDEX institution_ix_area ON institution (pool_area, area_code, id);

CREATE TABLE department (
  pool_area text NOT NULL,
  institution_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'active',
  CONSTRAINT department_pk PRIMARY KEY (pool_area, institution_id, id),
  CONSTRAINT department_uq_code UNIQUE (pool_area, institution_id, code),
  CONSTRAINT department_fk_institution FOREIGN KEY (pool_area, institution_id) REFERENCES institution (pool_area, id),
  CONSTRAINT department_ck_state CHECK (state IN ('active', 'closed'))
)`;

const STAFF = `
CREATE TABLE physician (
  pool_area text NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  licence_no text NOT NULL,
  profession text NOT NULL DEFAULT 'physician',
  title text,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT physician_pk PRIMARY KEY (pool_area, id),
  CONSTRAINT physician_uq_licence_no UNIQUE (pool_area, licence_no),
  CONSTRAINT physician_fk_pool FOREIGN KEY (pool_area) REFERENCES area (code),
  CONSTRAINT physician_ck_profession CHECK (profession IN ('physician', 'pharmacist', 'nurse', 'technician'))
);
CREATE TABLE physician_privilege (
  pool_area text NOT NULL,
  physician_id uuid NOT NULL,
  institution_id uuid NOT NULL,
  id uuid NOT NULL,
  department_id uuid,
  valid daterange NOT NULL,
  state text NOT NULL DEFAULT 'active',
  reason text,
  CONSTRAINT physician_privilege_pk PRIMARY KEY (pool_area, physician_id, institution_id, id),
  CONSTRAINT physician_privilege_fk_physician FOREIGN KEY (pool_area, physician_id) REFERENCES physician (pool_area, id),
  CONSTRAINT physician_privilege_fk_institution FOREIGN KEY (pool_area, institution_id)
    REFERENCES institution (pool_area, id),
  CONSTRAINT physician_privilege_fk_department FOREIGN KEY (pool_area, institution_id, department_id)
    REFERENCES department (pool_area, institution_id, id),
  CONSTRAINT physician_privilege_ck_state CHECK (state IN ('active', 'suspended')),
  CONSTRAINT physician_privilege_ck_valid CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
  CONSTRAINT physician_privilege_no_overlap EXCLUDE USING gist
    (pool_area WITH =, physician_id WITH =, institution_id WITH =, valid WITH &&)
);
CREATE INDEX physician_privilege_ix_institution ON physician_privilege (pool_area, institution_id, physician_id)`;

const AGREEMENT = `
CREATE TABLE agreement (
  pool_area text NOT NULL,
  institution_id uuid NOT NULL,
  id uuid NOT NULL,
  agreement_no text NOT NULL,
  valid daterange NOT NULL,
  state text NOT NULL DEFAULT 'draft',
  payment_method jsonb NOT NULL,
  deposit_rate numeric(5, 4) NOT NULL,
  state_reason text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  signed_by text,
  signed_on date,
  CONSTRAINT agreement_pk PRIMARY KEY (pool_area, institution_id, id),
  CONSTRAINT agreement_uq_agreement_no UNIQUE (pool_area, agreement_no),
  CONSTRAINT agreement_fk_institution FOREIGN KEY (pool_area, institution_id) REFERENCES institution (pool_area, id),
  CONSTRAINT agreement_ck_state CHECK (state IN ('draft', 'in-force', 'suspended', 'terminated')),
  CONSTRAINT agreement_ck_valid CHECK (
    NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  CONSTRAINT agreement_ck_deposit_rate CHECK (deposit_rate >= 0 AND deposit_rate < 1),
  CONSTRAINT agreement_ck_payment_method CHECK (jsonb_typeof(payment_method) = 'object'),
  -- Who drafts does not sign.
  CONSTRAINT agreement_ck_signed CHECK (
    (state = 'draft') = (signed_by IS NULL) AND (signed_by IS NULL) = (signed_on IS NULL)
    AND (signed_by IS NULL OR signed_by <> created_by)),
  CONSTRAINT agreement_no_overlap EXCLUDE USING gist
    (pool_area WITH =, institution_id WITH =, valid WITH &&) WHERE (state <> 'draft')
);
CREATE TABLE agreement_suspension (
  pool_area text NOT NULL,
  institution_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  id uuid NOT NULL,
  span daterange NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT agreement_suspension_pk PRIMARY KEY (pool_area, institution_id, id),
  CONSTRAINT agreement_suspension_fk_agreement FOREIGN KEY (pool_area, institution_id, agreement_id)
    REFERENCES agreement (pool_area, institution_id, id),
  CONSTRAINT agreement_suspension_ck_span CHECK (
    NOT isempty(span) AND NOT lower_inf(span) AND NOT upper_inf(span) AND lower_inc(span) AND NOT upper_inc(span)),
  CONSTRAINT agreement_suspension_no_overlap EXCLUDE USING gist
    (pool_area WITH =, institution_id WITH =, span WITH &&)
)`;

const CATALOGUE = `
CREATE TABLE catalogue_item (
  code text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  unit text NOT NULL,
  class text NOT NULL,
  selfpay_rate numeric(5, 4) NOT NULL,
  reference_price_fen bigint NOT NULL,
  special text,
  valid daterange NOT NULL,
  CONSTRAINT catalogue_item_pk PRIMARY KEY (code),
  CONSTRAINT catalogue_item_ck_kind CHECK (kind IN ('drug', 'service', 'consumable')),
  CONSTRAINT catalogue_item_ck_class CHECK (class IN ('A', 'B', 'C')),
  -- 甲类 has no self-paid share, 丙类 is all self-paid, 乙类 lies between.
  CONSTRAINT catalogue_item_ck_selfpay_rate CHECK (
    CASE class WHEN 'A' THEN selfpay_rate = 0 WHEN 'C' THEN selfpay_rate = 1
    ELSE selfpay_rate >= 0 AND selfpay_rate < 1 END),
  CONSTRAINT catalogue_item_ck_reference_price CHECK (reference_price_fen > 0),
  CONSTRAINT catalogue_item_ck_valid CHECK (NOT isempty(valid) AND NOT lower_inf(valid))
);
CREATE TABLE catalogue_ceiling (
  item_code text NOT NULL,
  price_level text NOT NULL,
  ceiling_fen bigint NOT NULL,
  CONSTRAINT catalogue_ceiling_pk PRIMARY KEY (item_code, price_level),
  CONSTRAINT catalogue_ceiling_fk_item FOREIGN KEY (item_code) REFERENCES catalogue_item (code),
  CONSTRAINT catalogue_ceiling_ck_price_level CHECK (price_level IN ('tertiary', 'secondary', 'primary')),
  CONSTRAINT catalogue_ceiling_ck_ceiling CHECK (ceiling_fen > 0)
);
-- One row: the version that every process compares its snapshot with. Changing the catalogue is rare, so the
-- row lock hurts nobody; the notification goes out at commit, together with the new version.
CREATE TABLE catalogue_version (
  id smallint NOT NULL,
  version bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT catalogue_version_pk PRIMARY KEY (id),
  CONSTRAINT catalogue_version_ck_one_row CHECK (id = 1)
);
INSERT INTO catalogue_version VALUES (1, 1, now());
CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  current_version bigint;
BEGIN
  UPDATE catalogue_version SET version = version + 1, changed_at = now() WHERE id = 1
  RETURNING version INTO current_version;
  PERFORM pg_notify('catalogue_changed', current_version::text);
  RETURN NULL;
END $$;
CREATE TRIGGER catalogue_item_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON catalogue_item
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_ceiling_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON catalogue_ceiling
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()`;

const DEMO = `
-- A demonstration is loaded in steps, each in one transaction with its row here: a load that was interrupted
-- goes on at the first step without a row, from the same seed and day, and so ends in the same region.
CREATE TABLE demo_region (
  pool_area text NOT NULL,
  seed text NOT NULL,
  scale numeric(6, 4) NOT NULL,
  today date NOT NULL,
  state text NOT NULL DEFAULT 'loading',
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT demo_region_pk PRIMARY KEY (pool_area),
  CONSTRAINT demo_region_ck_state CHECK (state IN ('loading', 'complete'))
);
CREATE TABLE demo_step (
  pool_area text NOT NULL,
  step text NOT NULL,
  done_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT demo_step_pk PRIMARY KEY (pool_area, step),
  CONSTRAINT demo_step_fk_region FOREIGN KEY (pool_area) REFERENCES demo_region (pool_area)
)`;

const GRANTS = `
GRANT SELECT, INSERT, UPDATE ON
  area, person, person_mark, coverage, institution, department, physician, physician_privilege,
  agreement, agreement_suspension, catalogue_item, catalogue_ceiling, catalogue_version, demo_region, demo_step
TO tongchou_app;
-- A suspension lifted before its first day leaves no span to keep; the audit trail tells of it.
GRANT DELETE ON agreement_suspension TO tongchou_app`;
