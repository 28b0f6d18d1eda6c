import { Module } from '@nestjs/common';
import { AuditArchive } from './archive.js';
import { Anchors } from './anchors.js';
import { AuditController } from './audit.controller.js';
import { ChainState } from './chain-state.js';
import { AuditTrailService } from './trail.service.js';
import { VerifyJob } from './verify.job.js';
import { ChainKeeper } from './chain-keeper.js';
import { ChainWriter } from './chain-writer.js';
import { AuditVerifier } from './verifier.js';

/** The record of who did what and of the books, made evident: chain, verifier, anchors, and how an auditor reads it. */
@Module({
  controllers: [AuditController],
  providers: [Anchors, AuditArchive, AuditTrailService, AuditVerifier, ChainKeeper, ChainState, ChainWriter, VerifyJob],
  exports: [Anchors, AuditArchive, AuditVerifier, ChainKeeper],
})
export class AuditModule {}
