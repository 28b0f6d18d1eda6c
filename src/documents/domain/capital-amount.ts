import nzh from 'nzh/cn';
import { type Fen, yuanText } from '../../common/money/index.js';

/**
 * An amount in capital Chinese figures (大写金额) as a payment document must carry it, e.g. 107000.53 →
 * "人民币壹拾万柒仟元零伍角叁分". Source: 中国人民银行《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》.
 *
 * The figures of the yuan come from the library; the tail is written here, because the regulation asks for more than it
 * does: 整 after whole yuan, 零 where the yuan end in a zero and jiao follow, and 零 before fen without jiao.
 */
export function capitalAmount(amount: Fen): string {
  if (amount < 0n) return `人民币负${figures(yuanText(amount).slice(1))}`;
  return `人民币${figures(yuanText(amount))}`;
}

function figures(text: string): string {
  const [yuan = '0', decimals = '00'] = text.split('.');
  const [jiao = '0', cents = '0'] = decimals;
  if (decimals === '00') return `${yuan === '0' ? '零' : nzh.encodeB(yuan)}元整`;
  const head = yuan === '0' ? '' : `${nzh.encodeB(yuan)}元`;
  if (jiao === '0') return `${head}${head === '' ? '' : '零'}${nzh.encodeB(cents)}分`;
  const zero = head !== '' && yuan.endsWith('0') ? '零' : '';
  return `${head}${zero}${nzh.encodeB(jiao)}角${cents === '0' ? '整' : `${nzh.encodeB(cents)}分`}`;
}
