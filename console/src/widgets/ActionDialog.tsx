import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import type { Action } from '../api/hooks';

const ActionForm = lazy(() => import('./ActionForm')) as unknown as ComponentType<DialogProps<object>>;

/** A field of a dialog. Amounts stay text from the keyboard to the server. */
export interface DialogField {
  name: string;
  label: string;
  kind?: 'text' | 'long' | 'money' | 'integer' | 'choice' | 'password' | 'month' | 'day' | 'rate';
  options?: { value: string; label: string }[];
  multiple?: boolean;
  required?: boolean;
  initial?: string | number | string[];
  help?: string;
}

export interface DialogProps<V extends object> {
  open: boolean;
  title: string;
  explain?: ReactNode;
  fields: DialogField[];
  danger?: boolean;
  okText?: string;
  action: (values: V) => Action<unknown>;
  onDone?: (answer: unknown) => void;
  onClose: () => void;
}

/**
 * A dialog that asks what an action needs and does it. Forms are large, so they load when the first one is opened;
 * `DialogProps` is invariant in V, hence the one cast: the form hands `action` exactly what its own fields collected.
 */
export function ActionDialog<V extends object>(props: DialogProps<V>) {
  if (!props.open) return null;
  return (
    <Suspense fallback={null}>
      <ActionForm {...(props as unknown as DialogProps<object>)} />
    </Suspense>
  );
}
