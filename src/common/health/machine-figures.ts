import { statfs } from 'node:fs/promises';
import { Server } from 'node:net';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../config/index.js';
import { Metrics } from '../metrics/index.js';

/**
 * What a monitor is told of the machine: connections, and the disk below `DATA_DIR`. A full disk is not a reason to be
 * unready: settling writes nothing there, all servers of a machine would leave the load balancer at once, and a hospital
 * would be turned away for want of room for an anchor. It is told by a figure, and an alert comes long before.
 */
@Injectable()
export class MachineFigures implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly settings: Settings,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.watchDisk();
    // A command of the command line has no server.
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | null;
    const server: unknown = adapter?.getHttpServer();
    if (server instanceof Server) this.watchConnections(server);
  }

  private watchDisk(): void {
    const { dataDir } = this.settings;
    this.metrics.gauge('tongchou_data_dir_free_bytes', 'Room on the disk of DATA_DIR for this process', async () => {
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize;
    });
    this.metrics.gauge('tongchou_data_dir_size_bytes', 'Size of the disk of DATA_DIR', async () => {
      const { blocks, bsize } = await statfs(dataDir);
      return blocks * bsize;
    });
  }

  private watchConnections(server: Server): void {
    this.metrics.gauge('tongchou_http_connections', 'Connections that clients hold open', () => connectionsOf(server));
    this.metrics.gauge('tongchou_http_connections_limit', 'Most connections this process holds open', () => {
      return this.settings.maxConnections;
    });
    const refused = this.metrics.counter(
      'tongchou_http_connections_refused_total',
      'Connections closed at once because the limit was reached',
    );
    server.on('drop', () => {
      refused.inc();
    });
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((done, failed) => {
    server.getConnections((error, count) => {
      if (error === null) done(count);
      else failed(error);
    });
  });
}
