import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Users, sessions, the audit trail and idempotency keys, and the role `tongchou_app` under which the server works.
 * Roles are cluster-wide and several databases may be migrated at once, hence the exception handlers.
 */
const APP_ROLE = `
  DO $$ BEGIN
    CREATE ROLE tongchou_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$;
  DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'tongchou_app', 'MEMBER') THEN
      EXECUTE format('GRANT tongchou_app TO %I', current_user);
    END IF;
  EXCEPTION WHEN internal_error OR unique_violation THEN NULL;
  END $$;
  GRANT USAGE ON SCHEMA public TO tongchou_app;
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  GRANT SELECT ON schema_migration TO tongchou_app;
`;

const USERS = `
  CREATE TABLE app_user (
    id uuid CONSTRAINT pk_app_user PRIMARY KEY,
    pool_area text NOT NULL,
    username text NOT NULL,
    display_name text NOT NULL,
    password_hash text NOT NULL,
    state text NOT NULL DEFAULT 'active',
    area_code text NOT NULL,
    provider_id uuid,
    failed_sign_ins integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    password_changed_at timestamptz NOT NULL,
    must_change_password boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    CONSTRAINT uq_app_user_username UNIQUE (username),
    CONSTRAINT ck_app_user_username CHECK (username ~ '^[a-z][a-z0-9._-]{2,39}$'),
    CONSTRAINT ck_app_user_display_name CHECK (char_length(display_name) BETWEEN 1 AND 60),
    CONSTRAINT ck_app_user_state CHECK (state IN ('active', 'disabled')),
    CONSTRAINT ck_app_user_pool_area CHECK (pool_area ~ '^[0-9]{6}$'),
    CONSTRAINT ck_app_user_area_code CHECK (area_code ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
    CONSTRAINT ck_app_user_failed CHECK (failed_sign_ins >= 0)
  );
  CREATE INDEX ix_app_user_pool ON app_user (pool_area, username);

  CREATE TABLE user_role (
    user_id uuid NOT NULL,
    role_code text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    granted_by text NOT NULL,
    CONSTRAINT pk_user_role PRIMARY KEY (user_id, role_code),
    CONSTRAINT fk_user_role_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT ck_user_role_code CHECK (role_code ~ '^[a-z][a-z-]{1,30}$')
  );

  CREATE TABLE auth_session (
    id uuid CONSTRAINT pk_auth_session PRIMARY KEY,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoke_reason text,
    CONSTRAINT fk_auth_session_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT ck_auth_session_life CHECK (expires_at > created_at),
    CONSTRAINT ck_auth_session_reason
      CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)
        AND revoke_reason IN ('signed-out', 'reuse', 'disabled', 'password-changed', 'roles-changed'))
  );
  CREATE INDEX ix_auth_session_user ON auth_session (user_id) WHERE revoked_at IS NULL;

  CREATE TABLE refresh_token (
    token_hash bytea CONSTRAINT pk_refresh_token PRIMARY KEY,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT fk_refresh_token_session FOREIGN KEY (session_id) REFERENCES auth_session (id),
    CONSTRAINT ck_refresh_token_hash CHECK (octet_length(token_hash) = 32)
  );
  CREATE INDEX ix_refresh_token_session ON refresh_token (session_id);

  CREATE TABLE bootstrap_token (
    pool_area text CONSTRAINT pk_bootstrap_token PRIMARY KEY,
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT ck_bootstrap_token_hash CHECK (octet_length(token_hash) = 32)
  );
`;

const AUDIT = `
  CREATE TABLE audit_event (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    actor_roles text[] NOT NULL,
    kind text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    person_ids uuid[] NOT NULL DEFAULT '{}',
    details jsonb NOT NULL DEFAULT '{}',
    trace_id text,
    CONSTRAINT pk_audit_event PRIMARY KEY (pool_area, id),
    CONSTRAINT ck_audit_event_kind CHECK (kind IN ('change', 'look', 'access')),
    CONSTRAINT ck_audit_event_action CHECK (action ~ '^[a-z0-9-]+(\\.[a-z0-9-]+)+$')
  );
  CREATE INDEX ix_audit_event_subject ON audit_event (pool_area, subject_kind, subject_id, id);
  CREATE INDEX ix_audit_event_actor ON audit_event (pool_area, actor_id, id);
  CREATE INDEX ix_audit_event_persons ON audit_event USING gin (person_ids);

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
      USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE TRIGGER tr_audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER tr_audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE audit_event ENABLE ALWAYS TRIGGER tr_audit_event_append_only;
  ALTER TABLE audit_event ENABLE ALWAYS TRIGGER tr_audit_event_no_truncate;
`;

const IDEMPOTENCY = `
  CREATE TABLE idempotency_key (
    pool_area text NOT NULL,
    client_id text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    state text NOT NULL,
    status smallint,
    response jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    CONSTRAINT pk_idempotency_key PRIMARY KEY (pool_area, client_id, key),
    CONSTRAINT ck_idempotency_key_key CHECK (char_length(key) BETWEEN 1 AND 200),
    CONSTRAINT ck_idempotency_key_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT ck_idempotency_key_state
      CHECK (state IN ('running', 'done') AND (state = 'done') = (status IS NOT NULL))
  );
  CREATE INDEX ix_idempotency_key_created ON idempotency_key (created_at);
`;

const RIGHTS = `
  GRANT SELECT, INSERT, UPDATE ON app_user, auth_session, refresh_token, bootstrap_token TO tongchou_app;
  GRANT SELECT, INSERT, DELETE ON user_role TO tongchou_app;
  GRANT SELECT, INSERT ON audit_event TO tongchou_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO tongchou_app;
`;

export class IdentityN1700000000001 implements MigrationInterface {
  readonly name = 'IdentityN1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [APP_ROLE, USERS, AUDIT, IDEMPOTENCY, RIGHTS]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
