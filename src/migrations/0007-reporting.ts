import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The read model of the year table: what settlements cost, by month and by everything the table is broken down by.
 * Reversals are negative rows, so every sum is net. Insured in a district of the city itself (GB/T 2260: third pair of
 * digits 01–20) count as city level (市本级).
 */
export class Reporting1700000000007 implements MigrationInterface {
  name = 'Reporting1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE VIEW report_month_cost AS
      SELECT s.pool_area, s.scheme, s.settle_month AS month, s.area_code, s.provider_id, s.level, s.category,
             substr(s.area_code, 5, 2) BETWEEN '01' AND '20' AS city_level,
             sum(CASE s.kind WHEN 'settlement' THEN 1 ELSE -1 END)::bigint AS bills,
             sum(s.total_fen)::bigint AS total_fen, sum(s.inscp_fen)::bigint AS inscp_fen,
             sum(s.fund_pay_sum_fen)::bigint AS fund_fen
        FROM settlement s
       GROUP BY s.pool_area, s.scheme, s.settle_month, s.area_code, s.provider_id, s.level, s.category`);
    await runner.query('GRANT SELECT ON report_month_cost TO tongchou_app');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
