import { common } from './en/common';
import { insured } from './en/insured';
import { payment } from './en/payment';
import { system } from './en/system';

export const en = { ...common, ...insured, ...payment, ...system };
