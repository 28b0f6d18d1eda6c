import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import type { LocalDate } from '../common/time/index.js';
import type { Institution } from './institutions.service.js';
import { PayeeAccounts } from './payee-accounts.js';

/** Rows of a whole register, ready to be written; ids are the caller's. */
export interface ProviderRegister {
  /** With their accounts in full. */
  readonly institutions: readonly Omit<Institution, 'areaName' | 'state'>[];
  readonly departments: readonly {
    readonly id: string;
    readonly institutionId: string;
    readonly code: string;
    readonly name: string;
  }[];
  readonly physicians: readonly {
    readonly id: string;
    readonly name: string;
    readonly licenceNo: string;
    readonly title: string;
    readonly institutionId: string;
    readonly departmentId: string;
    readonly privilegeId: string;
    readonly from: LocalDate;
  }[];
  readonly agreements: readonly {
    readonly id: string;
    readonly institutionId: string;
    readonly agreementNo: string;
    readonly from: LocalDate;
    readonly to: LocalDate;
    readonly paymentMethod: Readonly<Record<string, string>>;
    readonly depositRate: string;
    readonly signedOn: LocalDate;
  }[];
  readonly suspensions: readonly {
    readonly id: string;
    readonly agreementId: string;
    readonly institutionId: string;
    readonly from: LocalDate;
    readonly to: LocalDate;
    readonly reason: string;
  }[];
}

/** Writes whole registers at once (imports, the demonstration); the constraints of the tables hold. */
@Injectable()
export class ProviderRegisters {
  constructor(private readonly payees: PayeeAccounts) {}

  /** Writes everything in one statement per table. Agreements come signed: by `signer`, who is not the `maker`. */
  async insertMany(
    tx: Tx,
    poolArea: string,
    register: ProviderRegister,
    by: { maker: string; signer: string },
  ): Promise<void> {
    await this.insertInstitutions(tx, poolArea, register.institutions, by.maker);
    await this.insertStaff(tx, poolArea, register, by.maker);
    const { agreements, suspensions } = register;
    await tx.query(
      `INSERT INTO agreement (pool_area, id, institution_id, agreement_no, valid, state, payment_method, deposit_rate,
                              created_by, signed_by, signed_on)
       SELECT $1, u.id, u.institution_id, u.no, daterange(u.first, u.last), 'in-force', u.method, u.rate, $10, $11, u.signed_on
         FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::date[], $7::jsonb[], $8::numeric[], $9::date[])
           AS u (id, institution_id, no, first, last, method, rate, signed_on)`,
      [
        poolArea,
        agreements.map((agreement) => agreement.id),
        agreements.map((agreement) => agreement.institutionId),
        agreements.map((agreement) => agreement.agreementNo),
        agreements.map((agreement) => agreement.from),
        agreements.map((agreement) => agreement.to),
        agreements.map((agreement) => JSON.stringify(agreement.paymentMethod)),
        agreements.map((agreement) => agreement.depositRate),
        agreements.map((agreement) => agreement.signedOn),
        by.maker,
        by.signer,
      ],
    );
    await tx.query(
      `INSERT INTO agreement_suspension (pool_area, id, agreement_id, institution_id, span, reason, created_by)
       SELECT $1, u.id, u.agreement_id, u.institution_id, daterange(u.first, u.last), u.reason, $8
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[], $7::text[])
           AS u (id, agreement_id, institution_id, first, last, reason)`,
      [
        poolArea,
        suspensions.map((suspension) => suspension.id),
        suspensions.map((suspension) => suspension.agreementId),
        suspensions.map((suspension) => suspension.institutionId),
        suspensions.map((suspension) => suspension.from),
        suspensions.map((suspension) => suspension.to),
        suspensions.map((suspension) => suspension.reason),
        by.signer,
      ],
    );
  }

  private async insertInstitutions(
    tx: Tx,
    poolArea: string,
    rows: ProviderRegister['institutions'],
    maker: string,
  ): Promise<void> {
    const accounts = await this.payees.seal(rows.map((row) => ({ id: row.id, account: row.payeeAccount })));
    await tx.query(
      `INSERT INTO institution (pool_area, id, code12, name, type, level, speciality, ownership, area_code, price_level, beds,
                                payee_name, payee_bank, payee_account, payee_account_masked, created_by)
       SELECT $1, u.*, $16 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                                       $9::text[], $10::text[], $11::int[], $12::text[], $13::text[], $14::bytea[], $15::text[]) u`,
      [
        poolArea,
        rows.map((row) => row.id),
        rows.map((row) => row.code12),
        rows.map((row) => row.name),
        rows.map((row) => row.type),
        rows.map((row) => row.level),
        rows.map((row) => row.speciality),
        rows.map((row) => row.ownership),
        rows.map((row) => row.areaCode),
        rows.map((row) => row.priceLevel),
        rows.map((row) => row.beds),
        rows.map((row) => row.payeeName),
        rows.map((row) => row.payeeBank),
        accounts.map((sealed) => sealed.account),
        accounts.map((sealed) => sealed.masked),
        maker,
      ],
    );
  }

  private async insertStaff(tx: Tx, poolArea: string, register: ProviderRegister, maker: string): Promise<void> {
    const { departments, physicians } = register;
    await tx.query(
      `INSERT INTO department (pool_area, id, institution_id, code, name)
       SELECT $1, u.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) u`,
      [
        poolArea,
        departments.map((department) => department.id),
        departments.map((department) => department.institutionId),
        departments.map((department) => department.code),
        departments.map((department) => department.name),
      ],
    );
    await tx.query(
      `INSERT INTO physician (pool_area, id, name, licence_no, title, created_by)
       SELECT $1, u.*, $6 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) u`,
      [
        poolArea,
        physicians.map((physician) => physician.id),
        physicians.map((physician) => physician.name),
        physicians.map((physician) => physician.licenceNo),
        physicians.map((physician) => physician.title),
        maker,
      ],
    );
    await tx.query(
      `INSERT INTO physician_privilege (pool_area, id, physician_id, institution_id, department_id, valid)
       SELECT $1, u.id, u.physician_id, u.institution_id, u.department_id, daterange(u.first, NULL)
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::date[])
           AS u (id, physician_id, institution_id, department_id, first)`,
      [
        poolArea,
        physicians.map((physician) => physician.privilegeId),
        physicians.map((physician) => physician.id),
        physicians.map((physician) => physician.institutionId),
        physicians.map((physician) => physician.departmentId),
        physicians.map((physician) => physician.from),
      ],
    );
  }
}
