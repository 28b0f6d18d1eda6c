import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPROVALS, FUNDING, JOBS, OUTBOX } from './0002-ledger-frame.js';

/**
 * The books. What the law of the ledger is, the database itself enforces, whoever writes – this program, a script, the
 * owner of the tables:
 *  - a line is a pair (debit, credit, amount), so it cannot be unbalanced;
 *  - a journal is whole at commit: as many lines as it says and of the total it says (deferred constraint trigger);
 *  - a line belongs to a journal of its own transaction, so nothing is added to a journal afterwards;
 *  - nothing is updated, deleted or truncated (rights not granted, and triggers that fire ALWAYS);
 *  - a closed period takes nothing, not even from a transaction that began before the close.
 *
 * Errors raised here have SQLSTATEs of their own, class TC: TC002 journal not whole, TC003 period closed,
 * TC004 line refused, TC005 isolation level refused. Append-only refusals are 42501 (see 0001).
 */
const PARTITIONS = `
  CREATE FUNCTION advisory_key(p_kind text, p_key text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT hashtextextended(p_kind || ':' || p_key, 0) $$;

  CREATE TABLE partitioned_table (
    name text NOT NULL,
    guard text,
    CONSTRAINT pk_partitioned_table PRIMARY KEY (name),
    CONSTRAINT ck_partitioned_table_name CHECK (name ~ '^[a-z][a-z0-9_]{1,40}$')
  );

  -- Makes the partition of a month of every registered table, and returns how many it made. A partition is built beside
  -- the table and attached: CREATE … PARTITION OF would lock out every settlement meanwhile. PostgreSQL clones row
  -- triggers onto a partition but not statement triggers, so these are copied: a partition is guarded like its parent.
  -- A table may name a guard, a function (partition, suffix YYYYMM) that adds what belongs to a single partition.
  -- SECURITY DEFINER because the server may not create tables, except exactly these.
  CREATE FUNCTION ensure_month_partitions(p_month date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
  DECLARE
    v_from date := date_trunc('month', p_month)::date;
    v_suffix text := to_char(p_month, 'YYYYMM');
    v_parent text;
    v_guard text;
    v_part text;
    v_trigger record;
    v_made integer := 0;
  BEGIN
    IF p_month IS NULL OR p_month < date '2000-01-01' OR p_month >= date '2100-01-01' THEN
      RAISE EXCEPTION 'no partition for month %', p_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(public.advisory_key('month-partitions', 'all'));
    FOR v_parent, v_guard IN SELECT name, guard FROM public.partitioned_table ORDER BY name LOOP
      v_part := v_parent || '_' || v_suffix;
      CONTINUE WHEN to_regclass('public.' || quote_ident(v_part)) IS NOT NULL;
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED
        INCLUDING STORAGE)', v_part, v_parent);
      FOR v_trigger IN
        SELECT t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t
        WHERE t.tgrelid = to_regclass('public.' || quote_ident(v_parent)) AND NOT t.tgisinternal AND t.tgtype & 1 = 0
      LOOP
        EXECUTE regexp_replace(v_trigger.definition, ' ON (public\\.)?' || v_parent || ' ', ' ON public.' || v_part || ' ');
        IF v_trigger.tgenabled = 'A' THEN
          EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER %I', v_part, v_trigger.tgname);
        END IF;
      END LOOP;
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        v_parent, v_part, v_from, (v_from + interval '1 month')::date);
      IF v_guard IS NOT NULL THEN
        EXECUTE format('SELECT public.%I($1, $2)', v_guard) USING v_part, v_suffix;
      END IF;
      v_made := v_made + 1;
    END LOOP;
    RETURN v_made;
  END $$;
  REVOKE ALL ON FUNCTION ensure_month_partitions(date) FROM PUBLIC;
`;

const ACCOUNTS = `
  CREATE TABLE ledger_account (
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    nature text NOT NULL,
    party_kind text,
    CONSTRAINT pk_ledger_account PRIMARY KEY (code),
    CONSTRAINT ck_ledger_account_code CHECK (code ~ '^[1-9][0-9]{3}$'),
    CONSTRAINT ck_ledger_account_nature CHECK (nature IN ('asset', 'liability', 'equity', 'income', 'expense')),
    CONSTRAINT ck_ledger_account_party_kind CHECK (party_kind IN ('provider', 'person'))
  );
  INSERT INTO ledger_account (code, name_zh, name_en, nature, party_kind) VALUES
    ('1001', '收入户存款', 'Income account at bank', 'asset', NULL),
    ('1002', '财政专户存款', 'Fiscal account at bank', 'asset', NULL),
    ('1003', '支出户存款', 'Expenditure account at bank', 'asset', NULL),
    ('1201', '预付定点机构款', 'Prepaid to providers', 'asset', 'provider'),
    ('1202', '应收定点机构款', 'Receivable from providers', 'asset', 'provider'),
    ('2001', '应付定点机构款', 'Payable to providers', 'liability', 'provider'),
    ('2002', '质量保证金', 'Quality deposits held', 'liability', 'provider'),
    ('2003', '暂收款', 'Suspense receipts', 'liability', NULL),
    ('2004', '已批准待付款', 'Payment orders in transit', 'liability', 'provider'),
    ('2101', '个人账户', 'Personal accounts', 'liability', 'person'),
    ('3001', '基金结余', 'Fund balance', 'equity', NULL),
    ('4001', '保费收入', 'Premium income', 'income', NULL),
    ('4002', '财政补贴收入', 'Government subsidy income', 'income', NULL),
    ('4003', '利息收入', 'Interest income', 'income', NULL),
    ('4004', '转移收入', 'Transfer income', 'income', NULL),
    ('4101', '清算调整收入', 'Deductions and clearing income', 'income', NULL),
    ('5001', '基本医疗统筹基金支出', 'Basic pool expenditure', 'expense', NULL),
    ('5002', '公务员医疗补助支出', 'Civil-servant subsidy expenditure', 'expense', NULL),
    ('5003', '企业补充医疗支出', 'Enterprise supplement expenditure', 'expense', NULL),
    ('5004', '居民大病保险支出', 'Resident catastrophic expenditure', 'expense', NULL),
    ('5005', '职工大额医疗支出', 'Employee large-amount expenditure', 'expense', NULL),
    ('5006', '医疗救助支出', 'Medical assistance expenditure', 'expense', NULL),
    ('5007', '其他支出', 'Other expenditure', 'expense', NULL),
    ('5101', '清算补偿支出', 'Clearing compensation expenditure', 'expense', NULL);
  CREATE TRIGGER tr_ledger_account_append_only BEFORE UPDATE OR DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER tr_ledger_account_no_truncate BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER tr_ledger_account_append_only;
  ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER tr_ledger_account_no_truncate;
`;

const JOURNALS = `
  CREATE TABLE ledger_journal (
    pool_area text NOT NULL,
    period date NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    posted_on date NOT NULL,
    source_kind text NOT NULL,
    source_id text NOT NULL,
    memo text NOT NULL DEFAULT '',
    line_count smallint NOT NULL,
    total_fen bigint NOT NULL,
    posted_by text NOT NULL,
    xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_ledger_journal PRIMARY KEY (pool_area, period, id),
    CONSTRAINT uq_ledger_journal_source UNIQUE (pool_area, source_id, source_kind, period),
    CONSTRAINT ck_ledger_journal_period CHECK (EXTRACT(day FROM period) = 1),
    CONSTRAINT ck_ledger_journal_scheme CHECK (scheme ~ '^[0-9]{3}$'),
    CONSTRAINT ck_ledger_journal_source CHECK (source_kind ~ '^[a-z][a-z-]{1,40}$' AND source_id <> ''),
    CONSTRAINT ck_ledger_journal_line_count CHECK (line_count > 0),
    CONSTRAINT ck_ledger_journal_total CHECK (total_fen > 0)
  ) PARTITION BY RANGE (period);

  CREATE TABLE ledger_line (
    pool_area text NOT NULL,
    period date NOT NULL,
    journal_id uuid NOT NULL,
    line_no smallint NOT NULL,
    scheme text NOT NULL,
    debit_account text NOT NULL,
    credit_account text NOT NULL,
    debit_party uuid,
    credit_party uuid,
    amount_fen bigint NOT NULL,
    CONSTRAINT pk_ledger_line PRIMARY KEY (pool_area, period, journal_id, line_no),
    CONSTRAINT ck_ledger_line_line_no CHECK (line_no > 0),
    CONSTRAINT ck_ledger_line_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_ledger_line_two_sides
      CHECK (debit_account <> credit_account OR debit_party IS DISTINCT FROM credit_party)
  ) PARTITION BY RANGE (period);
  INSERT INTO partitioned_table (name, guard) VALUES
    ('ledger_journal', 'ledger_guard_journals'), ('ledger_line', 'ledger_guard_lines');
`;

/** A closed period is a row; there is no way back. What it held is sealed in the row that closes it. */
const PERIODS = `
  CREATE TABLE ledger_period (
    pool_area text NOT NULL,
    scheme text NOT NULL,
    period date NOT NULL,
    state text NOT NULL DEFAULT 'closed',
    closed_by text NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    journal_count bigint NOT NULL,
    line_count bigint NOT NULL,
    total_fen bigint NOT NULL,
    content_hash text NOT NULL,
    CONSTRAINT pk_ledger_period PRIMARY KEY (pool_area, scheme, period),
    CONSTRAINT ck_ledger_period_period CHECK (EXTRACT(day FROM period) = 1),
    CONSTRAINT ck_ledger_period_state CHECK (state = 'closed'),
    CONSTRAINT ck_ledger_period_hash CHECK (content_hash ~ '^[0-9a-f]{64}$')
  );
  CREATE TABLE ledger_period_balance (
    pool_area text NOT NULL,
    scheme text NOT NULL,
    period date NOT NULL,
    account text NOT NULL,
    debit_fen bigint NOT NULL,
    credit_fen bigint NOT NULL,
    CONSTRAINT pk_ledger_period_balance PRIMARY KEY (pool_area, scheme, period, account),
    CONSTRAINT fk_ledger_period_balance_period FOREIGN KEY (pool_area, scheme, period)
      REFERENCES ledger_period (pool_area, scheme, period),
    CONSTRAINT fk_ledger_period_balance_account FOREIGN KEY (account) REFERENCES ledger_account (code),
    CONSTRAINT ck_ledger_period_balance_sides CHECK (debit_fen >= 0 AND credit_fen >= 0)
  );

  CREATE FUNCTION ledger_period_key(p_pool_area text, p_scheme text, p_period date) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT advisory_key('ledger-period', p_pool_area || ':' || p_scheme || ':' || to_char(p_period, 'YYYY-MM')) $$;

  -- What a period holds, as one row: figures, and a SHA-256 over every journal and line in key order. The text that is
  -- hashed is spelt out column by column, so that no setting of a session can change it.
  CREATE FUNCTION ledger_period_content(p_pool_area text, p_scheme text, p_period date,
      OUT journal_count bigint, OUT line_count bigint, OUT total_fen bigint, OUT content_hash text)
    LANGUAGE sql STABLE
  AS $$
    WITH piece AS (
      SELECT j.id AS journal_id, 0 AS line_no, 0::bigint AS amount_fen,
        concat_ws('|', j.id, j.scheme, to_char(j.posted_on, 'YYYYMMDD'), j.source_kind, j.source_id, j.memo,
          j.line_count, j.total_fen, j.posted_by) AS content
      FROM ledger_journal j
      WHERE j.pool_area = p_pool_area AND j.scheme = p_scheme AND j.period = p_period
      UNION ALL
      SELECT l.journal_id, l.line_no, l.amount_fen,
        concat_ws('|', l.journal_id, l.line_no, l.debit_account, l.credit_account,
          coalesce(l.debit_party::text, '-'), coalesce(l.credit_party::text, '-'), l.amount_fen)
      FROM ledger_line l
      WHERE l.pool_area = p_pool_area AND l.scheme = p_scheme AND l.period = p_period
    )
    SELECT count(*) FILTER (WHERE line_no = 0), count(*) FILTER (WHERE line_no > 0),
      coalesce(sum(amount_fen), 0)::bigint,
      encode(sha256(coalesce(string_agg(sha256(convert_to(content, 'UTF8')), ''::bytea ORDER BY journal_id, line_no),
        ''::bytea)), 'hex')
    FROM piece
  $$;

  -- The close waits for every posting under way (they hold the lock in its shared form until they commit) and then
  -- reads what there is: with a fresh snapshot, because every statement of READ COMMITTED has its own.
  CREATE FUNCTION ledger_seal_period() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'a period is closed in READ COMMITTED only' USING ERRCODE = 'TC005';
    END IF;
    PERFORM pg_advisory_xact_lock(ledger_period_key(NEW.pool_area, NEW.scheme, NEW.period));
    SELECT c.journal_count, c.line_count, c.total_fen, c.content_hash
      INTO NEW.journal_count, NEW.line_count, NEW.total_fen, NEW.content_hash
      FROM ledger_period_content(NEW.pool_area, NEW.scheme, NEW.period) c;
    NEW.closed_at := clock_timestamp();
    RETURN NEW;
  END $$;
  CREATE FUNCTION ledger_store_balances() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
  BEGIN
    INSERT INTO ledger_period_balance (pool_area, scheme, period, account, debit_fen, credit_fen)
    SELECT NEW.pool_area, NEW.scheme, NEW.period, side.account, sum(side.debit), sum(side.credit)
    FROM ledger_line l
    CROSS JOIN LATERAL (VALUES (l.debit_account, l.amount_fen, 0::bigint), (l.credit_account, 0::bigint, l.amount_fen))
      AS side (account, debit, credit)
    WHERE l.pool_area = NEW.pool_area AND l.scheme = NEW.scheme AND l.period = NEW.period
    GROUP BY side.account;
    RETURN NULL;
  END $$;
  CREATE TRIGGER tr_ledger_period_seal BEFORE INSERT ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_seal_period();
  CREATE TRIGGER tr_ledger_period_balances AFTER INSERT ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_store_balances();
`;

const GUARDS = `
  -- Every new journal takes the lock of its period in the shared form and then looks whether the period is closed.
  -- Under REPEATABLE READ it would look into an old snapshot, so posting there is refused.
  CREATE FUNCTION ledger_check_journals() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    v_closed text;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'the ledger is posted to in READ COMMITTED only' USING ERRCODE = 'TC005';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(k.id) FROM (
      SELECT DISTINCT ledger_period_key(pool_area, scheme, period) AS id FROM new_rows ORDER BY 1) AS k;
    SELECT to_char(p.period, 'YYYY-MM') || ' of scheme ' || p.scheme INTO v_closed
      FROM new_rows n JOIN ledger_period p USING (pool_area, scheme, period) LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'period % is closed', v_closed USING ERRCODE = 'TC003', CONSTRAINT = 'ledger_period_closed';
    END IF;
    RETURN NULL;
  END $$;

  -- The two checks that read the books name one month's tables, so that their plans are made once a session and touch
  -- nothing but that month: a look through the partitioned parent costs four times as much, on every bill. Hence a pair
  -- of trigger functions for each month, written by these guards. Without sequential scans, because the plan is kept: the
  -- one made while a month is empty must still be right when it holds a million rows.
  CREATE SCHEMA ledger_guard;
  GRANT USAGE ON SCHEMA ledger_guard TO tongchou_app;

  -- At commit: as many lines as the head says, numbered 1 to n, of its total and scheme, on accounts that exist, with a
  -- party exactly where the account asks for one.
  CREATE FUNCTION ledger_guard_journals(p_part text, p_suffix text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format($make$
      CREATE FUNCTION ledger_guard.whole_%1$s() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $body$
      DECLARE
        v_count bigint;
        v_total bigint;
        v_last integer;
        v_odd bigint;
      BEGIN
        SELECT count(*), coalesce(sum(l.amount_fen), 0), coalesce(max(l.line_no), 0),
          count(*) FILTER (WHERE l.scheme <> NEW.scheme OR d.code IS NULL OR c.code IS NULL
            OR (d.party_kind IS NULL) <> (l.debit_party IS NULL) OR (c.party_kind IS NULL) <> (l.credit_party IS NULL))
          INTO v_count, v_total, v_last, v_odd
        FROM public.ledger_line_%1$s l
        LEFT JOIN public.ledger_account d ON d.code = l.debit_account
        LEFT JOIN public.ledger_account c ON c.code = l.credit_account
        WHERE l.pool_area = NEW.pool_area AND l.period = NEW.period AND l.journal_id = NEW.id;
        IF v_odd > 0 THEN
          RAISE EXCEPTION 'journal %%: %% lines of another scheme, on unknown accounts, or with a party missing or superfluous',
            NEW.id, v_odd USING ERRCODE = 'TC004', CONSTRAINT = 'ledger_line_allowed';
        ELSIF v_count <> NEW.line_count OR v_total <> NEW.total_fen OR v_last <> NEW.line_count THEN
          RAISE EXCEPTION 'journal %% is not whole: %% lines of %% fen, its head says %% lines of %% fen',
            NEW.id, v_count, v_total, NEW.line_count, NEW.total_fen
            USING ERRCODE = 'TC002', CONSTRAINT = 'ledger_journal_whole';
        END IF;
        RETURN NULL;
      END $body$;
      CREATE CONSTRAINT TRIGGER tr_ledger_journal_whole AFTER INSERT ON public.%2$I
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_guard.whole_%1$s();
      ALTER TABLE public.%2$I ENABLE ALWAYS TRIGGER tr_ledger_journal_whole;
      GRANT SELECT ON public.%2$I TO tongchou_app;
    $make$, p_suffix, p_part);
  END $$;

  -- At once: a line belongs to a journal of its own transaction, so nothing is added to the books of yesterday.
  CREATE FUNCTION ledger_guard_lines(p_part text, p_suffix text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format($make$
      CREATE FUNCTION ledger_guard.own_%1$s() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $body$
      BEGIN
        PERFORM FROM public.ledger_journal_%1$s j
          WHERE j.pool_area = NEW.pool_area AND j.period = NEW.period AND j.id = NEW.journal_id
            AND j.xid = pg_current_xact_id()::text::bigint;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'line %% refused: journal %% is not of this transaction', NEW.line_no, NEW.journal_id
            USING ERRCODE = 'TC004', CONSTRAINT = 'ledger_line_allowed';
        END IF;
        RETURN NULL;
      END $body$;
      CREATE TRIGGER tr_ledger_line_own AFTER INSERT ON public.%2$I
        FOR EACH ROW EXECUTE FUNCTION ledger_guard.own_%1$s();
      ALTER TABLE public.%2$I ENABLE ALWAYS TRIGGER tr_ledger_line_own;
      GRANT SELECT ON public.%2$I TO tongchou_app;
    $make$, p_suffix, p_part);
  END $$;
  REVOKE ALL ON FUNCTION ledger_guard_journals(text, text), ledger_guard_lines(text, text) FROM PUBLIC;

  CREATE TRIGGER tr_ledger_journal_open_period AFTER INSERT ON ledger_journal
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_journals();

  DO $$
  DECLARE
    v_table text;
    v_trigger text;
  BEGIN
    FOREACH v_table IN ARRAY ARRAY['ledger_journal', 'ledger_line', 'ledger_period', 'ledger_period_balance',
        'approval_act', 'fund_receipt', 'fund_transfer'] LOOP
      EXECUTE format('CREATE TRIGGER tr_%1$s_append_only BEFORE UPDATE OR DELETE ON %1$I
        FOR EACH ROW EXECUTE FUNCTION refuse_change()', v_table);
      EXECUTE format('CREATE TRIGGER tr_%1$s_no_truncate BEFORE TRUNCATE ON %1$I
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', v_table);
      FOR v_trigger IN SELECT tgname FROM pg_trigger WHERE tgrelid = v_table::regclass AND NOT tgisinternal LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', v_table, v_trigger);
      END LOOP;
    END LOOP;
  END $$;
`;

const RIGHTS = `
  GRANT EXECUTE ON FUNCTION ensure_month_partitions(date) TO tongchou_app;
  GRANT SELECT ON partitioned_table, ledger_account, ledger_period_balance TO tongchou_app;
  GRANT SELECT, INSERT ON ledger_journal, ledger_line, ledger_period TO tongchou_app;
  GRANT SELECT, INSERT ON approval_act, fund_receipt, fund_transfer TO tongchou_app;
  GRANT SELECT, INSERT, UPDATE ON fund_income, job_run, job_unit TO tongchou_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_event TO tongchou_app;
`;

/** Partitions two years back and fourteen months ahead of the day of installation; a monthly job goes on from there. */
const FIRST_PARTITIONS = `
  SELECT ensure_month_partitions(m::date)
  FROM generate_series(date_trunc('month', now()) - interval '24 months',
    date_trunc('month', now()) + interval '14 months', interval '1 month') AS m
`;

export class Ledger1700000000002 implements MigrationInterface {
  readonly name = 'Ledger1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    const steps = [PARTITIONS, ACCOUNTS, JOURNALS, PERIODS, JOBS, OUTBOX, APPROVALS, FUNDING, GUARDS, RIGHTS];
    for (const sql of [...steps, FIRST_PARTITIONS]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
