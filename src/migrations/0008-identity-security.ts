import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Three administrators that exclude each other, role changes by two persons, activation without a password that an
 * administrator knows, the second factor, sign-in throttles that hold across processes (GB/T 22239 8.1.4.1, 8.1.4.2).
 */

/**
 * Whoever administers, and whoever examines the trail, does no business: from 0008 on that is true of inspectors too, so
 * an administrator who was one loses that role, and the trail says so.
 */
const SEPARATE_EXISTING = `
  WITH administrators AS (
    SELECT DISTINCT user_id FROM user_role WHERE role_code IN ('admin', 'auditor')
  ), lost AS (
    DELETE FROM user_role r USING administrators a
     WHERE r.user_id = a.user_id AND r.role_code = 'inspector' RETURNING r.user_id, r.role_code
  )
  INSERT INTO audit_event (pool_area, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id, details)
  SELECT u.pool_area, gen_random_uuid(), '00000000-0000-7000-8000-000000000000', 'system', '{}', 'change',
         'identity.roles-separated', 'user', u.id::text, jsonb_build_object('lost', l.role_code)
    FROM lost l JOIN app_user u ON u.id = l.user_id;
`;

const ROLES = `
  CREATE EXTENSION IF NOT EXISTS btree_gist;

  -- Any role that is not an administrator's is business; a new role therefore excludes the administrators from its first day.
  ALTER TABLE user_role ADD COLUMN duty text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN role_code IN ('admin', 'security', 'auditor', 'provider') THEN role_code ELSE 'business' END) STORED;
  ALTER TABLE user_role ADD COLUMN chain_step text GENERATED ALWAYS AS (
    CASE WHEN role_code IN ('clerk', 'reviewer', 'approver') THEN role_code END) STORED;
  ALTER TABLE user_role
    ADD CONSTRAINT ex_user_role_one_duty EXCLUDE USING gist (user_id WITH =, duty WITH <>),
    ADD CONSTRAINT ex_user_role_one_step EXCLUDE USING gist (user_id WITH =, chain_step WITH <>);

  CREATE TABLE role_change (
    id uuid CONSTRAINT pk_role_change PRIMARY KEY,
    pool_area text NOT NULL,
    user_id uuid NOT NULL,
    roles_before text[] NOT NULL,
    roles text[] NOT NULL,
    area_code text NOT NULL,
    provider_id uuid,
    reason text NOT NULL,
    user_version integer NOT NULL,
    state text NOT NULL DEFAULT 'requested',
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    decision_reason text NOT NULL DEFAULT '',
    CONSTRAINT fk_role_change_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT fk_role_change_requested_by FOREIGN KEY (requested_by) REFERENCES app_user (id),
    CONSTRAINT fk_role_change_decided_by FOREIGN KEY (decided_by) REFERENCES app_user (id),
    CONSTRAINT ck_role_change_area CHECK (area_code ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
    CONSTRAINT ck_role_change_reason CHECK (char_length(reason) BETWEEN 1 AND 500 AND char_length(decision_reason) <= 500),
    CONSTRAINT ck_role_change_state CHECK (state IN ('requested', 'confirmed', 'refused', 'withdrawn')),
    CONSTRAINT ck_role_change_decided
      CHECK ((state = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT ck_role_change_not_own CHECK (requested_by <> user_id AND decided_by IS DISTINCT FROM user_id),
    CONSTRAINT ck_role_change_two_persons CHECK (
      CASE state WHEN 'withdrawn' THEN decided_by = requested_by ELSE decided_by IS DISTINCT FROM requested_by END)
  );
  CREATE UNIQUE INDEX uq_role_change_open ON role_change (user_id) WHERE state = 'requested';
  CREATE INDEX ix_role_change_pool ON role_change (pool_area, id);

  -- The roles of a user come from a confirmed change; before there is anybody to confirm, from the installation.
  ALTER TABLE user_role ADD COLUMN change_id uuid;
  ALTER TABLE user_role ADD CONSTRAINT fk_user_role_change FOREIGN KEY (change_id) REFERENCES role_change (id);
`;

const CREDENTIALS = `
  -- NULL: the user has not chosen a password yet and cannot sign in.
  ALTER TABLE app_user ALTER COLUMN password_hash DROP NOT NULL;
  -- Failures are counted in sign_in_throttle, also those of users that do not exist.
  ALTER TABLE app_user DROP COLUMN failed_sign_ins, DROP COLUMN locked_until;

  CREATE TABLE credential_reset (
    id uuid CONSTRAINT pk_credential_reset PRIMARY KEY,
    pool_area text NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'open',
    code_hash bytea NOT NULL,
    started_by uuid NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    confirm_hash bytea,
    confirmed_by uuid,
    confirmed_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    ended_at timestamptz,
    used_address text,
    CONSTRAINT fk_credential_reset_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT fk_credential_reset_started_by FOREIGN KEY (started_by) REFERENCES app_user (id),
    CONSTRAINT fk_credential_reset_confirmed_by FOREIGN KEY (confirmed_by) REFERENCES app_user (id),
    CONSTRAINT ck_credential_reset_kind CHECK (kind IN ('activation', 'password', 'second-factor')),
    CONSTRAINT ck_credential_reset_state CHECK (state IN ('open', 'used', 'cancelled')
      AND (state = 'open') = (ended_at IS NULL)),
    CONSTRAINT ck_credential_reset_hash
      CHECK (octet_length(code_hash) = 32 AND (confirm_hash IS NULL OR octet_length(confirm_hash) = 32)),
    CONSTRAINT ck_credential_reset_confirmed
      CHECK ((confirm_hash IS NULL) = (confirmed_by IS NULL) AND (confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT ck_credential_reset_two_persons
      CHECK (started_by <> user_id AND confirmed_by IS DISTINCT FROM user_id AND confirmed_by IS DISTINCT FROM started_by)
  );
  CREATE UNIQUE INDEX uq_credential_reset_open ON credential_reset (user_id) WHERE state = 'open';
  CREATE INDEX ix_credential_reset_pool ON credential_reset (pool_area, id);

  CREATE TABLE second_factor (
    id uuid CONSTRAINT pk_second_factor PRIMARY KEY,
    user_id uuid NOT NULL,
    state text NOT NULL,
    secret bytea NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    CONSTRAINT uq_second_factor_user UNIQUE (user_id, state),
    CONSTRAINT fk_second_factor_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT ck_second_factor_state CHECK (state IN ('pending', 'active') AND (state = 'active') = (confirmed_at IS NOT NULL))
  );

  CREATE TABLE recovery_code (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_recovery_code PRIMARY KEY (user_id, code_hash),
    CONSTRAINT fk_recovery_code_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT ck_recovery_code_hash CHECK (octet_length(code_hash) = 32)
  );

  CREATE TABLE sign_in_challenge (
    token_hash bytea CONSTRAINT pk_sign_in_challenge PRIMARY KEY,
    user_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT fk_sign_in_challenge_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT ck_sign_in_challenge_hash CHECK (octet_length(token_hash) = 32)
  );
  CREATE INDEX ix_sign_in_challenge_expires ON sign_in_challenge (expires_at);
`;

const SESSIONS = `
  ALTER TABLE auth_session
    ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN factor_at timestamptz,
    ADD COLUMN proved_at timestamptz,
    ADD CONSTRAINT ck_auth_session_device CHECK (char_length(device) <= 200 AND char_length(address) <= 64);
  ALTER TABLE auth_session DROP CONSTRAINT ck_auth_session_reason;
  ALTER TABLE auth_session ADD CONSTRAINT ck_auth_session_reason
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)
      AND revoke_reason IN ('signed-out', 'reuse', 'disabled', 'password-changed', 'roles-changed', 'revoked-by-user',
                            'factor-changed', 'reset'));
  CREATE INDEX ix_auth_session_expires ON auth_session (expires_at);

  CREATE TABLE sign_in_throttle (
    key text CONSTRAINT pk_sign_in_throttle PRIMARY KEY,
    failures integer NOT NULL,
    window_from timestamptz NOT NULL,
    locked_until timestamptz,
    CONSTRAINT ck_sign_in_throttle_key CHECK (char_length(key) BETWEEN 3 AND 200),
    CONSTRAINT ck_sign_in_throttle_failures CHECK (failures >= 0)
  );
  CREATE INDEX ix_sign_in_throttle_window ON sign_in_throttle (window_from);

  CREATE TABLE known_address (
    user_id uuid NOT NULL,
    address text NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT pk_known_address PRIMARY KEY (user_id, address),
    CONSTRAINT fk_known_address_user FOREIGN KEY (user_id) REFERENCES app_user (id)
  );

  CREATE TABLE user_notice (
    id uuid CONSTRAINT pk_user_notice PRIMARY KEY,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    seen_at timestamptz,
    CONSTRAINT fk_user_notice_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT ck_user_notice_kind CHECK (kind ~ '^[a-z-]{3,40}$')
  );
  CREATE INDEX ix_user_notice_user ON user_notice (user_id, id) WHERE seen_at IS NULL;
`;

/** One seat for each administrator that a new installation needs; two of security, because one confirms the other. */
const BOOTSTRAP = `
  DROP TABLE bootstrap_token;
  CREATE TABLE bootstrap_token (
    pool_area text NOT NULL,
    role_code text NOT NULL,
    seat smallint NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_bootstrap_token PRIMARY KEY (pool_area, role_code, seat),
    CONSTRAINT uq_bootstrap_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_bootstrap_token_seat CHECK (role_code IN ('admin', 'security', 'auditor')
      AND seat BETWEEN 1 AND CASE role_code WHEN 'security' THEN 2 ELSE 1 END),
    CONSTRAINT ck_bootstrap_token_hash CHECK (octet_length(token_hash) = 32)
  );
`;

const RIGHTS = `
  GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor, recovery_code, sign_in_challenge, sign_in_throttle, known_address,
    user_notice TO tongchou_app;
  GRANT DELETE ON auth_session, refresh_token TO tongchou_app;
  GRANT SELECT, INSERT, UPDATE ON bootstrap_token TO tongchou_app;
  GRANT SELECT, INSERT ON role_change, credential_reset TO tongchou_app;
  GRANT UPDATE (state, decided_by, decided_at, decision_reason) ON role_change TO tongchou_app;
  GRANT UPDATE (state, confirm_hash, confirmed_by, confirmed_at, failures, ended_at, used_address) ON credential_reset
    TO tongchou_app;
`;

export class IdentitySecurity1700000000008 implements MigrationInterface {
  readonly name = 'IdentitySecurity1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SEPARATE_EXISTING, ROLES, CREDENTIALS, SESSIONS, BOOTSTRAP, RIGHTS]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
