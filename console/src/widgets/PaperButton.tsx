import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { download } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import { ErrorPanel } from './ErrorPanel';

interface Props {
  /** Route of the file under the API. */
  route: string;
  fileName: string;
  text: string;
}

/** Downloads an official paper as PDF; why it could not be printed (a missing character) is shown beside the button. */
export function PaperButton({ route, fileName, text }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchPaper = () => {
    setBusy(true);
    setProblem(null);
    download(route, fileName)
      .catch((thrown: unknown) => {
        setProblem(asProblem(thrown));
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return (
    <>
      <Button icon={<DownloadOutlined />} loading={busy} onClick={fetchPaper}>
        {text}
      </Button>
      {problem === null ? null : <ErrorPanel problem={problem} />}
    </>
  );
}
