import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { parseLocalDate } from '../common/time/index.js';
import { type Actor, CurrentActor, PersonalDataDoor } from '../identity/index.js';
import { enrollmentErrors } from './domain/errors.js';
import { maskBirthDate } from './domain/id-number.js';
import {
  AddMarkDto,
  ChangePersonDto,
  CreatedDto,
  PersonDetailDto,
  type PersonDto,
  PersonListDto,
  PersonPageDto,
  RegisterPersonDto,
  RevealDto,
  RevealedPersonDto,
  SearchPersonsDto,
} from './dto/person.dto.js';
import { type Person, Persons } from './persons.service.js';

@ApiTags('enrolment')
@ApiBearerAuth()
@Controller('persons')
export class PersonsController {
  constructor(
    private readonly persons: Persons,
    private readonly transactions: Transactions,
    private readonly door: PersonalDataDoor,
  ) {}

  /** Insured persons of the user's area, by id. */
  @Get()
  @ApiOkResponse({ type: PersonPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: PersonListDto): Promise<Page<PersonDto>> {
    return this.page(actor, query);
  }

  /** Search by name or by identity number. */
  @Post('search')
  @HttpCode(200)
  @ApiOkResponse({ type: PersonPageDto })
  search(@CurrentActor() actor: Actor, @Body() body: SearchPersonsDto): Promise<Page<PersonDto>> {
    if (body.name === undefined && body.idNo === undefined) {
      throw new DomainError(enrollmentErrors['search-too-short']);
    }
    return this.page(actor, body);
  }

  @Post()
  @ApiCreatedResponse({ type: CreatedDto })
  async register(@CurrentActor() actor: Actor, @Body() body: RegisterPersonDto): Promise<CreatedDto> {
    return { id: await this.transactions.run((tx) => this.persons.register(tx, actor, body)) };
  }

  @Get(':id')
  @ApiOkResponse({ type: PersonDetailDto })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<PersonDetailDto> {
    await this.door.lookUp(actor);
    return this.transactions.run(async (tx) => {
      const person = await this.persons.get(tx, actor, id);
      return Object.assign(masked(person), { marks: await this.persons.marks(tx, actor.poolArea, id) });
    });
  }

  @Patch(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ChangePersonDto,
  ): Promise<void> {
    await this.transactions.run((tx) => this.persons.change(tx, actor, id, body));
  }

  /**
   * The full number, birth date and telephone. Needs a permission of its own and a reason; every reveal is in the audit trail
   * with both, and counted: beyond the limit of an hour the answer is 429.
   */
  @Post(':id/reveal')
  @HttpCode(200)
  @ApiOkResponse({ type: RevealedPersonDto })
  async reveal(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RevealDto,
  ): Promise<RevealedPersonDto> {
    await this.door.reveal(actor);
    return { id, ...(await this.transactions.run((tx) => this.persons.reveal(tx, actor, id, body.reason))) };
  }

  @Post(':id/marks')
  @HttpCode(204)
  @ApiNoContentResponse()
  async addMark(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AddMarkDto,
  ): Promise<void> {
    const mark = {
      mark: body.mark,
      from: parseLocalDate(body.from),
      to: body.to === undefined ? null : parseLocalDate(body.to),
      evidence: body.evidence ?? null,
    };
    await this.transactions.run((tx) => this.persons.addMark(tx, actor, id, mark));
  }

  private async page(actor: Actor, query: SearchPersonsDto): Promise<Page<PersonDto>> {
    const page = pageOf.query(query, 1);
    await this.door.lookUp(actor, page.limit);
    const rows = await this.transactions.run((tx) => this.persons.list(tx, actor, query, page));
    return pageOf.page(rows, page.limit, (row) => [row.id], masked);
  }
}

// Beside the masked number the whole birth date would complete it.
function masked(person: Person): PersonDto {
  return { ...person, birthDate: maskBirthDate(person.birthDate) };
}
