import { DownloadOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../../api/client';
import { useAct, useRead } from '../../api/hooks';
import type { ChainState, ChainStream } from '../../api/model';
import { asProblem, type Problem } from '../../api/problem';
import { inLanguage } from '../../api/trace';
import { count } from '../../widgets/columns';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { Figure, Loaded, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { CHAIN_TEXTS, STREAM_TEXTS } from '../../i18n/chain';

const REFRESH_MS = 30_000;

/** The words of this page in the language of the reader. */
export function useChainWords(): (name: keyof typeof CHAIN_TEXTS) => string {
  const { i18n } = useTranslation();
  return (name) => inLanguage(CHAIN_TEXTS[name], i18n.language);
}

/** How far the record is proved: the chains, the last verification, the last anchor, and what to take along. */
export function ChainPanel() {
  const word = useChainWords();
  const read = useRead<ChainState>('/audit-chain', {}, REFRESH_MS);
  return (
    <Panel title={word('title')}>
      <p className="muted">{word('note')}</p>
      <Loaded query={read}>{(state) => <State state={state} />}</Loaded>
    </Panel>
  );
}

function State({ state }: { state: ChainState }) {
  const word = useChainWords();
  const { verification, anchor } = state;
  return (
    <>
      <div className="figures" data-testid="chain-state">
        <Figure
          name={word('verified')}
          value={<Verdict verification={verification} />}
          note={
            verification === null
              ? undefined
              : `${instantText(verification.at)} · ${verification.by} · ${word('rows')} ${verification.rows.toLocaleString('en-US')}`
          }
        />
        <Figure
          name={word('anchor')}
          value={anchor === null ? word('noAnchor') : `${word('anchorNumber')} ${anchor.seq}`}
          note={anchor === null ? undefined : `${instantText(anchor.madeAt)} · ${anchor.madeBy}`}
        />
      </div>
      {verification === null || verification.intact ? null : (
        <Alert
          type="error"
          showIcon
          role="alert"
          style={{ marginBottom: 14 }}
          title={`${word('differences')} ${String(verification.differences)}`}
          description={`${word('first')} ${verification.first ?? '—'}`}
        />
      )}
      <Takeaway state={state} />
      <Streams streams={state.streams} />
    </>
  );
}

function Verdict({ verification }: Pick<ChainState, 'verification'>) {
  const word = useChainWords();
  if (verification === null) return <StateTag state="never" text={word('never')} tone="wait" />;
  return verification.intact ? (
    <StateTag state="intact" text={word('intact')} tone="done" />
  ) : (
    <StateTag state="broken" text={word('broken')} tone="stop" />
  );
}

function Takeaway({ state: { anchor, streams } }: { state: ChainState }) {
  const word = useChainWords();
  const act = useAct();
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = (route: string, name: string): void => {
    setProblem(null);
    download(route, name).catch((thrown: unknown) => {
      setProblem(asProblem(thrown));
    });
  };
  const shown = act.error ?? problem;
  return (
    <>
      {shown === null ? null : <ErrorPanel problem={shown} />}
      <p style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <Button
          type="primary"
          disabled={streams.length === 0}
          loading={act.isPending}
          onClick={() => {
            act.mutate({ route: '/audit-anchors' });
          }}
        >
          {word('make')}
        </Button>
        <Button
          icon={<DownloadOutlined />}
          disabled={anchor === null}
          onClick={() => {
            save('/audit-anchors/anchors.ndjson', 'anchors.ndjson');
          }}
        >
          {word('lines')}
        </Button>
        <Button
          icon={<DownloadOutlined />}
          disabled={anchor === null}
          onClick={() => {
            const seq = anchor?.seq ?? '';
            save(`/audit-anchors/${encodeURIComponent(seq)}/sheet.txt`, `anchor-${seq}.txt`);
          }}
        >
          {word('sheet')}
        </Button>
      </p>
    </>
  );
}

function Streams({ streams }: { streams: ChainStream[] }) {
  const word = useChainWords();
  const { i18n } = useTranslation();
  const name = (stream: string): string => {
    const known = STREAM_TEXTS[stream];
    return known === undefined ? stream : inLanguage(known, i18n.language);
  };
  return (
    <PlainTable<ChainStream>
      label={word('title')}
      rowKey={(row) => row.stream}
      dataSource={streams}
      empty={word('none')}
      columns={[
        { title: word('stream'), render: (_, row) => name(row.stream) },
        { title: word('block'), align: 'right', className: 'num', dataIndex: 'block' },
        { title: word('upTo'), align: 'right', className: 'num', render: (_, row) => row.verifiedBlock ?? '—' },
        { title: word('sealed'), render: (_, row) => instantText(row.sealedAt) },
        count<ChainStream>(word('chained'), 'rows'),
        { title: word('hash'), render: (_, row) => <span className="mono">{row.hash.slice(0, 16)}…</span> },
      ]}
    />
  );
}
