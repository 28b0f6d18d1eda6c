import { Module } from '@nestjs/common';
import { ChainKeeper } from './chain-keeper.js';
import { ChainWriter } from './chain-writer.js';
import { AuditVerifier } from './verifier.js';

/** The record of who did what and of the books, made evident: chain, verifier, anchors, and how an auditor reads it. */
@Module({
  providers: [ChainKeeper, ChainWriter, AuditVerifier],
  exports: [ChainKeeper, AuditVerifier],
})
export class AuditModule {}
