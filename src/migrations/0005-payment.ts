import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PAYMENT_TABLES } from './0005-payment-tables.js';
import { PAYMENT_YEAR_TABLES } from './0005-payment-year-tables.js';

/**
 * Paying providers: budgets and their versions, month settlements, deductions, deposits, assessments, readmission
 * reviews, annual clearings and payment orders.
 *
 * What the law of this room is, the database enforces too: figures of a closed month, of a closed clearing and of a
 * budget that came into force cannot change (TC010), the sheet of a provider adds up (CHECK), and the persons who
 * prepared, reviewed and approved an order are three (CHECK).
 */
const GUARDS = `
  -- Figures may change only while their run is being computed or corrected. The message names the run.
  CREATE FUNCTION payment_guard_figures() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    v_row record;
    v_parent uuid;
    v_state text;
  BEGIN
    v_row := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    v_parent := (to_jsonb(v_row) ->> TG_ARGV[1])::uuid;
    EXECUTE format('SELECT state FROM %I WHERE pool_area = $1 AND id = $2', TG_ARGV[0])
      INTO v_state USING v_row.pool_area, v_parent;
    IF v_state IS NULL OR NOT (v_state = ANY (string_to_array(TG_ARGV[2], ','))) THEN
      RAISE EXCEPTION 'figures of % % cannot change in state %', TG_ARGV[0], v_parent, v_state
        USING ERRCODE = 'TC010', CONSTRAINT = 'payment_figures_fixed';
    END IF;
    RETURN v_row;
  END $$;

  -- A head that has reached its end never leaves it, and is never deleted.
  CREATE FUNCTION payment_guard_final() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF OLD.state = ANY (string_to_array(TG_ARGV[0], ',')) THEN
      RAISE EXCEPTION '% % is % and cannot change', TG_TABLE_NAME, OLD.id, OLD.state
        USING ERRCODE = 'TC010', CONSTRAINT = 'payment_head_final';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END $$;

  DO $$
  DECLARE
    v record;
  BEGIN
    FOR v IN SELECT * FROM (VALUES
      ('payment_budget_line', 'payment_budget', 'budget_id', 'draft,published,negotiated'),
      ('payment_budget_quota', 'payment_budget', 'budget_id', 'draft,published,negotiated'),
      ('payment_budget_set_aside', 'payment_budget', 'budget_id', 'draft,published,negotiated'),
      ('payment_month_input', 'payment_month', 'month_id', 'running,trial,returned'),
      ('payment_month_line', 'payment_month', 'month_id', 'running,trial,returned'),
      ('payment_month_cell', 'payment_month', 'month_id', 'running,trial,returned'),
      ('payment_adjustment', 'payment_month', 'month_id', 'running,trial,returned'),
      ('payment_clearing_input', 'payment_clearing', 'clearing_id', 'running,trial,returned'),
      ('payment_clearing_line', 'payment_clearing', 'clearing_id', 'running,trial,returned')
    ) AS t (child, parent, key, states) LOOP
      EXECUTE format('CREATE TRIGGER tr_%1$s_fixed BEFORE INSERT OR UPDATE OR DELETE ON %1$I
        FOR EACH ROW EXECUTE FUNCTION payment_guard_figures(%2$L, %3$L, %4$L)', v.child, v.parent, v.key, v.states);
      EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', v.child, 'tr_' || v.child || '_fixed');
    END LOOP;
    FOR v IN SELECT * FROM (VALUES
      ('payment_month', 'closed'), ('payment_clearing', 'closed'), ('payment_budget', 'closed'),
      ('payment_order', 'reconciled'), ('payment_deduction', 'applied,withdrawn')
    ) AS t (name, states) LOOP
      EXECUTE format('CREATE TRIGGER tr_%1$s_final BEFORE UPDATE OR DELETE ON %1$I
        FOR EACH ROW EXECUTE FUNCTION payment_guard_final(%2$L)', v.name, v.states);
      EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', v.name, 'tr_' || v.name || '_final');
    END LOOP;
  END $$;
`;

const RIGHTS = `
  GRANT SELECT, INSERT, UPDATE ON payment_budget, payment_month, payment_clearing, payment_deduction,
    payment_assessment, payment_readmission, payment_order TO tongchou_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON payment_budget_line, payment_budget_quota, payment_budget_set_aside,
    payment_month_input, payment_month_line, payment_month_cell, payment_clearing_input, payment_clearing_line
    TO tongchou_app;
  GRANT SELECT, INSERT ON payment_history, payment_adjustment, payment_recoverable TO tongchou_app;
`;

export class Payment1700000000005 implements MigrationInterface {
  readonly name = 'Payment1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [...PAYMENT_TABLES, ...PAYMENT_YEAR_TABLES, GUARDS, RIGHTS]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
