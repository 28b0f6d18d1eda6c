import { ChoiceField, PageQueryDto } from '../../common/http/index.js';

/** Which rows of an import are shown. */
export class ListRowsDto extends PageQueryDto {
  @ChoiceField(['pending', 'imported', 'error'], { optional: true })
  state?: string;
}
