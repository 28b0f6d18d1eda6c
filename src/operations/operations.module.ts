import { Module } from '@nestjs/common';
import { JobsController } from './jobs.controller.js';
import { Operations } from './operations.service.js';

/** The machinery as its administrator sees it. */
@Module({ controllers: [JobsController], providers: [Operations] })
export class OperationsModule {}
