import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../common/metrics/index.js';
import { SettlementLane } from './settlement-lane.js';

/** What a monitor is told of settling: bills by outcome, and the queue in front of the lanes. */
@Injectable()
export class LaneFigures implements OnModuleInit {
  constructor(
    private readonly lane: SettlementLane,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.figure(
      {
        kind: 'counter',
        name: 'tongchou_settlements_total',
        help: 'Bills sent for settlement, by what became of them',
        labels: ['outcome'],
      },
      () => Object.entries(this.lane.counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
    );
    this.metrics.gauge('tongchou_settlement_lane_waiting', 'Bills that wait for a place in a batch', () => {
      return this.lane.load().waiting;
    });
    this.metrics.gauge('tongchou_settlement_lane_active', 'Batches of bills under way', () => this.lane.load().active);
  }
}
