import { Module } from '@nestjs/common';
import { ReconciliationController } from './reconciliation.controller.js';
import { Reconciliation } from './reconciliation.js';

/** The proof that bills, books and payments agree. */
@Module({ controllers: [ReconciliationController], providers: [Reconciliation], exports: [Reconciliation] })
export class ReconcileModule {}
