/**
 * The owner of a row: every table that grows with people or bills is spread by one uuid, and these four belong sometimes
 * to a person and sometimes to something else. `owner_id` is the person's id where the row is about one person (a
 * settlement, its reversal, its event, its answer), and otherwise made from what the row is about, so that the same
 * event always has the same owner and a unique key that names the owner loses nothing.
 */
export const OWNER_OF = `
  CREATE FUNCTION owner_of(p_text text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT CASE WHEN p_text ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
      THEN p_text::uuid ELSE md5(p_text)::uuid END $$;
`;

/**
 * The owners of what is in the books. They are append-only even to their owner, so the guards against UPDATE are lifted
 * for this one statement each, inside the migration's transaction, and put back as they were: firing ALWAYS.
 */
export const LEDGER_OWNERS = `
  ALTER TABLE ledger_journal ADD COLUMN owner_id uuid;
  ALTER TABLE ledger_line ADD COLUMN owner_id uuid;

  DO $$
  DECLARE
    v record;
    v_action text;
  BEGIN
    FOREACH v_action IN ARRAY ARRAY['DISABLE TRIGGER', 'ENABLE ALWAYS TRIGGER'] LOOP
      FOR v IN
        SELECT t.tgrelid::regclass AS name, t.tgname FROM pg_trigger t
        WHERE t.tgname IN ('tr_ledger_journal_append_only', 'tr_ledger_line_append_only') AND t.tgrelid IN (
          SELECT relid FROM pg_partition_tree('ledger_journal')
          UNION ALL SELECT relid FROM pg_partition_tree('ledger_line'))
      LOOP
        EXECUTE format('ALTER TABLE ONLY %s %s %I', v.name, v_action, v.tgname);
      END LOOP;
      CONTINUE WHEN v_action <> 'DISABLE TRIGGER';
      UPDATE ledger_journal j SET owner_id = s.person_id FROM settlement s
      WHERE j.source_kind IN ('settlement', 'settlement-reversal') AND s.pool_area = j.pool_area
        AND s.kind = 'settlement' AND s.id::text = j.source_id;
      UPDATE ledger_journal SET owner_id = owner_of(source_id) WHERE owner_id IS NULL;
      UPDATE ledger_line l SET owner_id = j.owner_id FROM ledger_journal j
      WHERE j.pool_area = l.pool_area AND j.period = l.period AND j.id = l.journal_id;
    END LOOP;
  END $$;

  ALTER TABLE ledger_journal ALTER COLUMN owner_id SET NOT NULL,
    DROP CONSTRAINT pk_ledger_journal, DROP CONSTRAINT uq_ledger_journal_source,
    ADD CONSTRAINT pk_ledger_journal PRIMARY KEY (pool_area, period, id, owner_id),
    ADD CONSTRAINT uq_ledger_journal_source UNIQUE (pool_area, source_id, source_kind, owner_id, period);
  ALTER TABLE ledger_line ALTER COLUMN owner_id SET NOT NULL,
    DROP CONSTRAINT pk_ledger_line,
    ADD CONSTRAINT pk_ledger_line PRIMARY KEY (pool_area, period, journal_id, line_no, owner_id);
`;

/**
 * The checks of a month (see migration 0002 for what they say and why there is a pair of functions for each month), now
 * also by owner: a line has the owner of its journal, and each look names the owner, so that it stays on one shard.
 * Both may be called again for a partition that has its guards; the functions are then written anew.
 */
export const LEDGER_GUARDS = `
  CREATE OR REPLACE FUNCTION ledger_guard_journals(p_part text, p_suffix text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format($make$
      CREATE OR REPLACE FUNCTION ledger_guard.whole_%1$s() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off
      AS $body$
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
        WHERE l.pool_area = NEW.pool_area AND l.period = NEW.period AND l.journal_id = NEW.id
          AND l.owner_id = NEW.owner_id;
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
      DROP TRIGGER IF EXISTS tr_ledger_journal_whole ON public.%2$I;
      CREATE CONSTRAINT TRIGGER tr_ledger_journal_whole AFTER INSERT ON public.%2$I
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_guard.whole_%1$s();
      ALTER TABLE public.%2$I ENABLE ALWAYS TRIGGER tr_ledger_journal_whole;
      GRANT SELECT ON public.%2$I TO tongchou_app;
    $make$, p_suffix, p_part);
  END $$;

  CREATE OR REPLACE FUNCTION ledger_guard_lines(p_part text, p_suffix text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format($make$
      CREATE OR REPLACE FUNCTION ledger_guard.own_%1$s() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off
      AS $body$
      BEGIN
        PERFORM FROM public.ledger_journal_%1$s j
          WHERE j.pool_area = NEW.pool_area AND j.period = NEW.period AND j.id = NEW.journal_id
            AND j.owner_id = NEW.owner_id AND j.xid = pg_current_xact_id()::text::bigint;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'line %% refused: journal %% is not of this transaction', NEW.line_no, NEW.journal_id
            USING ERRCODE = 'TC004', CONSTRAINT = 'ledger_line_allowed';
        END IF;
        RETURN NULL;
      END $body$;
      DROP TRIGGER IF EXISTS tr_ledger_line_own ON public.%2$I;
      CREATE TRIGGER tr_ledger_line_own AFTER INSERT ON public.%2$I
        FOR EACH ROW EXECUTE FUNCTION ledger_guard.own_%1$s();
      ALTER TABLE public.%2$I ENABLE ALWAYS TRIGGER tr_ledger_line_own;
      GRANT SELECT ON public.%2$I TO tongchou_app;
    $make$, p_suffix, p_part);
  END $$;

  DO $$
  DECLARE
    v record;
  BEGIN
    FOR v IN
      SELECT p.name || substr(c.relname, length(p.name) + 1) AS part, substr(c.relname, length(p.name) + 2) AS suffix, p.guard
      FROM partitioned_table p
      CROSS JOIN LATERAL pg_partition_tree(p.name::regclass) t JOIN pg_class c ON c.oid = t.relid
      WHERE t.isleaf AND p.guard IS NOT NULL
    LOOP
      EXECUTE format('SELECT %I($1, $2)', v.guard) USING v.part, v.suffix;
    END LOOP;
  END $$;
`;

/**
 * Events and answers. The number of an event (`seq`) only orders the events of one key, which all have one owner and so
 * one node; which events may be handed on is told by `xid`.
 *
 * One key of a client is used once, whoever the bill names: the unique key cannot say so any more when it names the
 * owner, so whoever uses a key takes its advisory lock first and then looks for it under every owner.
 */
export const OUTBOX_AND_ANSWERS = `
  ALTER TABLE outbox_event ADD COLUMN owner_id uuid;
  UPDATE outbox_event SET owner_id = owner_of(key);
  ALTER TABLE outbox_event ALTER COLUMN owner_id SET NOT NULL,
    DROP CONSTRAINT pk_outbox_event,
    ADD CONSTRAINT pk_outbox_event PRIMARY KEY (pool_area, id, owner_id);
  DROP INDEX ix_outbox_event_pending;
  CREATE INDEX ix_outbox_event_pending ON outbox_event (owner_id, seq) WHERE dispatched_at IS NULL;

  ALTER TABLE idempotency_key ADD COLUMN owner_id uuid;
  UPDATE idempotency_key k SET owner_id = s.person_id FROM settlement s
  WHERE s.pool_area = k.pool_area AND s.id::text = k.response ->> 'settlementId' AND s.kind = 'settlement';
  UPDATE idempotency_key SET owner_id = owner_of(client_id) WHERE owner_id IS NULL;
  ALTER TABLE idempotency_key ALTER COLUMN owner_id SET NOT NULL,
    DROP CONSTRAINT pk_idempotency_key,
    ADD CONSTRAINT pk_idempotency_key PRIMARY KEY (pool_area, client_id, key, owner_id);
`;
