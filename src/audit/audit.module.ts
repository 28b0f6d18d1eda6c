import { Module } from '@nestjs/common';
import { Anchors } from './anchors.js';
import { ChainKeeper } from './chain-keeper.js';
import { ChainWriter } from './chain-writer.js';
import { AuditVerifier } from './verifier.js';

/** The record of who did what and of the books, made evident: chain, verifier, anchors, and how an auditor reads it. */
@Module({
  providers: [Anchors, ChainKeeper, ChainWriter, AuditVerifier],
  exports: [Anchors, ChainKeeper, AuditVerifier],
})
export class AuditModule {}
