import { Form, Input, InputNumber, Modal, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../api/hooks';
import type { DialogField, DialogProps } from './ActionDialog';
import { ErrorPanel } from './ErrorPanel';

const PATTERNS: Partial<Record<NonNullable<DialogField['kind']>, RegExp>> = {
  money: /^-?\d{1,13}(\.\d{1,2})?$/,
  rate: /^\d(\.\d{1,6})?$/,
  month: /^\d{4}-(0[1-9]|1[0-2])$/,
  day: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
};

/** Asks what an action needs (an opinion, a reason, an amount), does it, and shows a refusal in place. */
export default function ActionForm<V extends object>(props: DialogProps<V>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<V>();
  const act = useAct();
  const close = (): void => {
    act.reset();
    props.onClose();
  };
  return (
    <Modal
      open={props.open}
      title={props.title}
      okText={props.okText ?? t('action.confirm')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: props.danger === true }}
      confirmLoading={act.isPending}
      destroyOnHidden
      onCancel={close}
      onOk={() => {
        form.submit();
      }}
    >
      {props.explain === undefined ? null : <p>{props.explain}</p>}
      {act.error === null ? null : <ErrorPanel problem={act.error} />}
      <Form<V>
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={Object.fromEntries(props.fields.map((field) => [field.name, field.initial]))}
        onFinish={(values: V) => {
          act.mutate(props.action(values), {
            onSuccess: (answer) => {
              props.onDone?.(answer);
              close();
            },
          });
        }}
      >
        {props.fields.map((field) => (
          <Field key={field.name} field={field} />
        ))}
      </Form>
    </Modal>
  );
}

function Field({ field }: { field: DialogField }) {
  const { t } = useTranslation();
  const pattern = field.kind === undefined ? undefined : PATTERNS[field.kind];
  return (
    <Form.Item
      name={field.name}
      label={field.label}
      {...(field.help === undefined ? {} : { extra: field.help })}
      rules={[
        {
          ...(field.multiple === true ? { type: 'array' as const } : {}),
          // Unless it is told, the form takes every value for a text, and a number for none.
          ...(field.kind === 'integer' ? { type: 'integer' as const } : {}),
          required: field.required ?? true,
          whitespace: field.options === undefined && field.kind !== 'integer',
          message: t('form.required', { field: field.label }),
        },
        ...(pattern === undefined ? [] : [{ pattern, message: t(`form.shape.${field.kind ?? 'text'}`) }]),
      ]}
    >
      {control(field, t('money.yuan'))}
    </Form.Item>
  );
}

function control(field: DialogField, yuan: string): ReactNode {
  if (field.options !== undefined) {
    return <Select options={field.options} {...(field.multiple === true ? { mode: 'multiple' as const } : {})} />;
  }
  switch (field.kind) {
    case 'long':
      return <Input.TextArea rows={3} maxLength={500} showCount />;
    case 'money':
      return <Input suffix={yuan} inputMode="decimal" />;
    case 'integer':
      return <InputNumber precision={0} style={{ width: '100%' }} />;
    case 'password':
      return <Input.Password autoComplete="new-password" />;
    default:
      return <Input />;
  }
}
