import { Drawer } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** The menu on narrow screens; loaded only there. */
export default function PhoneMenu({ open, title, onClose, children }: Props) {
  return (
    <Drawer open={open} placement="left" size={260} title={title} styles={{ body: { padding: 0 } }} onClose={onClose}>
      {children}
    </Drawer>
  );
}
