import { Alert } from 'antd';

/** A code that is shown once, with what to do with it. */
export function ToldCode({
  title,
  code,
  note,
  onClose,
}: {
  title: string;
  code: string;
  note: string;
  onClose: () => void;
}) {
  return (
    <Alert
      type="warning"
      showIcon
      closable={{ onClose }}
      style={{ marginBottom: 14 }}
      title={title}
      description={
        <>
          <code className="one-time-code" data-testid="told-code">
            {code}
          </code>
          <div>{note}</div>
        </>
      }
    />
  );
}
