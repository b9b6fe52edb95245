//! The files of a village as tables of cells: the county's export of people, of jobs, and the village's own ledger.

use super::{Household, Job, Person, Village};

/// A cell before it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Blank,
    Text(String),
    Number(f64),
    Date(chrono::NaiveDate),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Text(text.to_owned()) }
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// A sheet: what stands above the header, the header, and the rows.
#[derive(Clone)]
pub struct Sheet {
    pub name: &'static str,
    pub above: Vec<Vec<Cell>>,
    pub header: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Rows that are hidden, counted from 0 below the header.
    pub hidden: Vec<usize>,
}

impl Sheet {
    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|header| header == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    pub fn cell(&mut self, row: usize, column: &str) -> &mut Cell {
        let column = self.column(column);
        &mut self.rows[row][column]
    }

    pub fn set(&mut self, row: usize, column: &str, text: &str) {
        *self.cell(row, column) = text.into();
    }

    /// The row as a spreadsheet counts it.
    pub fn number(&self, row: usize) -> u32 {
        (self.above.len() + 2 + row) as u32
    }

    pub fn rename(&mut self, column: &str, to: &str) {
        let at = self.column(column);
        to.clone_into(&mut self.header[at]);
    }

    pub fn drop_column(&mut self, column: &str) {
        let at = self.column(column);
        self.header.remove(at);
        self.rows.iter_mut().filter(|row| row.len() > at).for_each(|row| drop(row.remove(at)));
    }

    /// Adds a column that says the same on every row.
    pub fn add_column(&mut self, column: &str, text: &str) {
        self.header.push(column.to_owned());
        self.rows.iter_mut().for_each(|row| row.push(text.into()));
    }
}

type Columns<'a> = Vec<(&'static str, Cell)>;

fn sheet<'a>(name: &'static str, title: &str, note: String, mut rows: impl Iterator<Item = Columns<'a>>) -> Sheet {
    let first = rows.next().unwrap_or_default();
    let header = first.iter().map(|(name, _)| (*name).to_owned()).collect();
    let cells = |columns: Columns| columns.into_iter().map(|(_, cell)| cell).collect();
    let rows = std::iter::once(cells(first)).chain(rows.map(cells)).collect();
    Sheet { name, above: vec![vec![title.into()], vec![note.into()]], header, rows, hidden: Vec::new() }
}

/// （自定义）监测对象信息: one row a person.
pub fn national(village: &Village) -> Sheet {
    let rows = village
        .national()
        .flat_map(|household| household.people.iter().map(move |person| national_row(village, household, person)));
    let note = format!("导出时间：{}  单位：示范县 {}", village.as_of, village.name);
    sheet("Sheet1", "（自定义）监测对象信息", note, rows)
}

/// （务工月监测）已外出务工信息: one row a job.
pub fn jobs(village: &Village) -> Sheet {
    let rows = village.national().flat_map(|household| {
        let working = household.people.iter().filter_map(|person| Some((person, person.job.as_ref()?)));
        working.map(move |(person, job)| job_row(village, household, person, job))
    });
    sheet("Sheet1", "（务工月监测）已外出务工信息", format!("导出时间：{}", village.as_of), rows)
}

/// 农户台账: the village's own list, with the head's name on the first row of a family only.
pub fn ledger(village: &Village) -> Sheet {
    let mut number = 0;
    let rows = village.ledger().flat_map(|household| household.people.iter().map(move |person| (household, person)));
    let rows = rows.map(|(household, person)| {
        number += 1;
        ledger_row(number, household, person)
    });
    let mut sheet = sheet("Sheet1", "", String::new(), rows);
    sheet.above.clear();
    sheet
}

fn month((year, month): (i32, u32)) -> String {
    format!("{year}{month:02}")
}

fn yes_no(yes: bool) -> Cell {
    if yes { "是" } else { "否" }.into()
}

/// One row of the national export.
pub fn national_row(village: &Village, household: &Household, person: &Person) -> Columns<'static> {
    let case = household.case.as_ref();
    let open = |text: &str| if case.is_some() { Cell::from(text) } else { Cell::Blank };
    let gone = case.and_then(|case| case.eliminated);
    let after = |cell: Cell| if gone.is_some() { cell } else { Cell::Blank };
    let measure = |column: &str| match case.map(|case| case.measure) {
        Some((kind, what)) if kind == column => Cell::from(what),
        _ => Cell::Blank,
    };
    let adult = person.age(village.as_of) >= 16;
    let job = person.job.as_ref();
    let text = |number: i64| Cell::from(number.to_string());
    vec![
        ("市", "示范市".into()),
        ("县", "示范县".into()),
        ("乡", "示范镇".into()),
        ("村", village.name.into()),
        ("自然村", format!("{}组", household.group).into()),
        ("户编号", household.number.clone().unwrap_or_default().into()),
        ("人编号", person.number.clone().unwrap_or_default().into()),
        ("姓名", person.name.as_str().into()),
        ("性别", if person.male { "男" } else { "女" }.into()),
        ("出生日期", person.birth.format("%Y%m%d").to_string().into()),
        ("证件类型", "居民身份证".into()),
        ("证件号码", person.id_number.as_str().into()),
        ("监测对象类别", open(case.map_or("", |case| case.class))),
        ("户类型", household.class.into()),
        ("人数", text(household.people.len() as i64)),
        ("与户主关系", person.relation.into()),
        ("民族", "汉族".into()),
        ("政治面貌", if adult { "群众".into() } else { Cell::Blank }),
        ("文化程度", person.education.into()),
        ("在校生状况", person.student.into()),
        ("失学或辍学原因", Cell::Blank),
        ("义务教育阶段未上学原因", Cell::Blank),
        ("健康状况", person.health.into()),
        ("劳动技能", person.labour.into()),
        ("是否会讲普通话", "是".into()),
        ("是否参加城乡居民基本医疗保险", "是".into()),
        ("是否参加城镇职工基本医疗保险", "否".into()),
        ("是否参加大病保险", "是".into()),
        ("是否参加城乡居民基本养老保险", yes_no(adult)),
        ("是否参加城镇职工基本养老保险", "否".into()),
        ("享受低保政策情况", if open("x") == Cell::Blank { "未享受" } else { "农村低保" }.into()),
        ("享受特困供养政策情况", "不享受".into()),
        ("公益性岗位", Cell::Blank),
        ("公益性岗位(月数)", Cell::Blank),
        ("就业渠道（易地搬迁后扶使用）", job.map_or("", |job| job.channel).into()),
        ("务工所在地", job.map_or("", |job| job.place).into()),
        ("户联系电话", household.phone.as_str().into()),
        ("家庭成员联系电话", person.phone.clone().unwrap_or_default().into()),
        ("开户银行", "农村信用社".into()),
        ("银行卡号", household.card.as_str().into()),
        ("工资性收入", text(household.wages())),
        ("生产经营性收入", text(household.business_income)),
        ("生产经营性支出", text(household.business_cost)),
        ("财产性收入", text(household.property)),
        ("转移性收入", text(household.transfers)),
        ("家庭纯收入", text(household.net())),
        ("人均纯收入（元）", household.per_person().into()),
        ("理赔收入", "0".into()),
        ("合规自付支出", text(household.own_spending)),
        ("耕地面积（亩）", text(household.arable)),
        ("林地面积（亩）", text(household.forest)),
        ("退耕还林面积（亩）", "0".into()),
        ("林果面积（亩）", text(household.orchard)),
        ("牧草地面积", "0".into()),
        ("水面面积", "0".into()),
        ("与村主干路距离", format!("{}.{}", household.road_tenths / 10, household.road_tenths % 10).into()),
        ("入户路类型", "水泥路".into()),
        ("入户道路是否硬化", "是".into()),
        ("住房面积", text(household.floor_area)),
        ("是否危房户", "否".into()),
        ("是否解决安全饮用水", "是".into()),
        ("是否有卫生厕所", "是".into()),
        ("卫生厕所是否能正常使用", "是".into()),
        ("是否通生活用电", "是".into()),
        ("是否通广播电视", "是".into()),
        ("主要燃料类型", "清洁能源".into()),
        ("是否义务教育阶段适龄儿童少年失学辍学", open("否")),
        ("整户无劳动能力兜底保障户", Cell::Blank),
        ("识别监测时间", case.map(|case| month(case.since)).unwrap_or_default().into()),
        ("致贫/返贫风险1", case.map_or("", |case| case.risk).into()),
        ("致贫/返贫风险2", Cell::Blank),
        ("致贫/返贫风险3", Cell::Blank),
        ("致贫/返贫风险4", Cell::Blank),
        ("致贫/返贫风险5", Cell::Blank),
        ("因自然灾害子项", Cell::Blank),
        ("其他备注", Cell::Blank),
        ("风险是否已消除", if case.is_some() { yes_no(gone.is_some()) } else { Cell::Blank }),
        ("风险消除方式", gone.map_or("", |(how, _)| how).into()),
        ("消除监测时间", gone.map(|(_, when)| month(when)).unwrap_or_default().into()),
        ("信息采集人", open("采集员甲")),
        ("信息采集人联系电话", open("13900000001")),
        ("帮扶责任人", format!("帮扶干部{:02}", household.helper).into()),
        ("帮扶责任人单位", "县某局".into()),
        ("帮扶责任人联系电话", format!("139000000{:02}", household.helper).into()),
        ("实施开发式帮扶措施情况", open("已实施")),
        ("产业帮扶", Cell::Blank),
        ("就业帮扶", measure("就业帮扶")),
        ("公益岗位帮扶", Cell::Blank),
        ("金融帮扶", Cell::Blank),
        ("住房安全保障", Cell::Blank),
        ("饮水安全保障", Cell::Blank),
        ("义务教育保障", Cell::Blank),
        ("教育帮扶", Cell::Blank),
        ("健康帮扶", measure("健康帮扶")),
        ("综合保障", measure("综合保障")),
        ("社会帮扶", Cell::Blank),
        ("搬迁", Cell::Blank),
        ("基础设施建设", Cell::Blank),
        ("生产生活条件改善", Cell::Blank),
        ("风险消除后是否义务教育阶段适龄儿童少年失学辍学", after("否".into())),
        ("风险消除后是否住房损毁", after("否".into())),
        ("风险消除后是否有家庭成员未参加城乡居民（职工）基本医疗保险", after("否".into())),
        ("风险消除后是否饮水设施损毁", after("否".into())),
        ("风险消除后工资性收入", after(text(household.wages()))),
        ("风险消除后财产性收入", after(text(household.property))),
        ("风险消除后转移性收入", after(text(household.transfers))),
        ("风险消除后生产经营性收入", after(text(household.business_income))),
        ("风险消除后生产经营性支出", after(text(household.business_cost))),
        ("风险消除后家庭纯收入", after(text(household.net()))),
        ("风险消除后家庭人均纯收入", after(household.per_person().into())),
        ("风险消除后理赔收入", after("0".into())),
        ("风险消除后合规自付支出", after(text(household.own_spending))),
        ("风险是否已消除", if case.is_some() { yes_no(gone.is_some()) } else { Cell::Blank }),
    ]
}

/// One row of the export of jobs.
pub fn job_row(village: &Village, household: &Household, person: &Person, job: &Job) -> Columns<'static> {
    vec![
        ("县", "示范县".into()),
        ("乡", "示范镇".into()),
        ("行政村", village.name.into()),
        ("户编号", household.number.clone().unwrap_or_default().into()),
        ("姓名", person.name.as_str().into()),
        ("证件号码", person.id_number.as_str().into()),
        ("户类型", household.class.into()),
        ("是否已务工", "是".into()),
        ("就业渠道", job.channel.into()),
        ("务工所在地", job.place.into()),
        ("务工所在县", job.county.into()),
        ("开始时间", format!("{}年{:02}月", job.from.0, job.from.1).into()),
        ("结束时间", Cell::Blank),
        ("务工月收入", job.wage.to_string().into()),
        ("务工企业名称", "某公司".into()),
        ("年度交通费补助", job.subsidy.to_string().into()),
        ("家庭成员联系电话", person.phone.clone().unwrap_or_default().into()),
    ]
}

fn ledger_row(number: usize, household: &Household, person: &Person) -> Columns<'static> {
    let is_head = person.relation == "户主";
    let of_head = |text: String| if is_head { Cell::from(text) } else { Cell::Blank };
    let relation = if is_head { "户主" } else { person.relation.trim_start_matches('之') };
    vec![
        ("序号", number.to_string().into()),
        ("村民小组", format!("{}组", household.group).into()),
        ("户主", of_head(person.name.clone())),
        ("姓名", person.name.as_str().into()),
        ("与户主关系", relation.into()),
        ("身份证号码", format!("{}\t", person.id_number).into()),
        ("联系电话", of_head(household.phone.clone())),
        ("健康状况", person.health.into()),
        ("人均纯收入", of_head((household.net() / household.people.len() as i64).to_string())),
        ("备注", Cell::Blank),
    ]
}
