import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { type Page, PageQueryDto, pageOf } from '../common/http/index.js';
import { parseLocalDate } from '../common/time/index.js';
import { type Actor, CurrentActor, PersonalDataDoor } from '../identity/index.js';
import {
  AddDepartmentDto,
  DepartmentDto,
  IdDto,
  InstitutionDto,
  InstitutionListDto,
  InstitutionPageDto,
  PhysicianDto,
  PhysicianPageDto,
  RegisterInstitutionDto,
  RegisterPhysicianDto,
  RevealAccountDto,
  RevealedAccountDto,
} from './dto/institution.dto.js';
import { type Institution, Institutions } from './institutions.service.js';
import { Physicians } from './physicians.service.js';

@ApiTags('providers')
@ApiBearerAuth()
@Controller('institutions')
export class InstitutionsController {
  constructor(
    private readonly institutions: Institutions,
    private readonly physicians: Physicians,
    private readonly transactions: Transactions,
    private readonly door: PersonalDataDoor,
  ) {}

  /** Designated institutions and pharmacies by national code. */
  @Get()
  @ApiOkResponse({ type: InstitutionPageDto })
  async list(@CurrentActor() actor: Actor, @Query() query: InstitutionListDto): Promise<Page<InstitutionDto>> {
    const page = pageOf.query(query, 1);
    const rows = await this.transactions.read((tx) => this.institutions.list(tx, actor, query, page));
    return pageOf.page(rows, page.limit, (row) => [row.code12], same);
  }

  @Post()
  @ApiCreatedResponse({ type: IdDto })
  async register(@CurrentActor() actor: Actor, @Body() body: RegisterInstitutionDto): Promise<IdDto> {
    const input = {
      ...pick(body),
      ...(body.id === undefined ? {} : { id: body.id }),
      payeeName: body.payeeName ?? null,
      payeeBank: body.payeeBank ?? null,
      payeeAccount: body.payeeAccount ?? null,
    };
    return { id: await this.transactions.run((tx) => this.institutions.register(tx, actor, input)) };
  }

  @Get(':id')
  @ApiOkResponse({ type: InstitutionDto })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<InstitutionDto> {
    return this.transactions.read((tx) => this.institutions.get(tx, actor, id));
  }

  /**
   * The bank account in full. Needs a permission of its own and a reason; every reveal is in the audit trail, and counted:
   * beyond the limit of an hour the answer is 429.
   */
  @Post(':id/reveal')
  @HttpCode(200)
  @ApiOkResponse({ type: RevealedAccountDto })
  async reveal(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RevealAccountDto,
  ): Promise<RevealedAccountDto> {
    await this.door.reveal(actor);
    const payeeAccount = await this.transactions.run((tx) =>
      this.institutions.revealAccount(tx, actor, id, body.reason),
    );
    return { id, payeeAccount };
  }

  @Get(':id/departments')
  @ApiOkResponse({ type: [DepartmentDto] })
  departments(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<DepartmentDto[]> {
    return this.transactions.read((tx) => this.institutions.departments(tx, actor, id));
  }

  @Post(':id/departments')
  @ApiCreatedResponse({ type: IdDto })
  async addDepartment(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AddDepartmentDto,
  ): Promise<IdDto> {
    return { id: await this.transactions.run((tx) => this.institutions.addDepartment(tx, actor, id, body)) };
  }

  @Get(':id/physicians')
  @ApiOkResponse({ type: PhysicianPageDto })
  async staff(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: PageQueryDto,
  ): Promise<Page<PhysicianDto>> {
    const page = pageOf.query(query, 1);
    const rows = await this.transactions.read((tx) => this.physicians.list(tx, actor, id, page));
    return pageOf.page(rows, page.limit, (row) => [row.id], same);
  }

  @Post(':id/physicians')
  @ApiCreatedResponse({ type: IdDto })
  async registerPhysician(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RegisterPhysicianDto,
  ): Promise<IdDto> {
    const input = {
      name: body.name,
      licenceNo: body.licenceNo,
      profession: body.profession,
      title: body.title ?? null,
      departmentId: body.departmentId ?? null,
      from: parseLocalDate(body.from),
      to: body.to === undefined ? null : parseLocalDate(body.to),
    };
    return { id: await this.transactions.run((tx) => this.physicians.register(tx, actor, id, input)) };
  }
}

function pick(
  body: RegisterInstitutionDto,
): Omit<Institution, 'id' | 'areaName' | 'state' | 'payeeName' | 'payeeBank' | 'payeeAccount'> {
  const { code12, name, type, level, speciality, ownership, areaCode, priceLevel, beds } = body;
  return { code12, name, type, level, speciality, ownership, areaCode, priceLevel, beds };
}

function same<T>(row: T): T {
  return row;
}
