//! What the first screen works on while there is no village yet: how one is to be made, and what came of it.

use crate::progress::Progress;
use crate::workspace::{Definitions, NewVillage, Options, Workspace, WorkspaceError};

use super::actions::Action;
use super::reply::{Effect, Reply};
use super::sample::Sample;
use super::screens::dialog::Dialog;
use super::world::{Banner, World};

/// Somebody who has no village in the program yet.
pub struct Newcomer {
    /// How the store is to be opened.
    pub options: Options,
    /// What there is to choose from.
    pub definitions: Definitions,
    /// What the person decided on; none as long as she has not.
    pub made: Option<Made>,
}

/// What came of the first screen.
pub enum Made {
    /// A store for her village, still empty.
    Village(Box<Workspace>),
    /// The sample village, to look at.
    Sample(Box<Sample>),
}

/// The question what to begin with.
pub const BEGIN: &str = "newcomer.begin";

impl Newcomer {
    /// Somebody before an empty home.
    pub fn new(options: Options) -> Result<Self, WorkspaceError> {
        let definitions = Definitions::load(Some(&options.overlay()))?;
        Ok(Self { options, definitions, made: None })
    }

    /// Makes the store.
    pub fn make(&mut self, options: Options, village: &NewVillage) -> Result<(), WorkspaceError> {
        self.made = Some(Made::Village(Box::new(Workspace::create(options, village)?)));
        Ok(())
    }

    /// Makes the sample village.
    pub fn make_sample(&mut self, progress: &mut dyn Progress) -> Result<(), super::sample::NoSample> {
        self.made = Some(Made::Sample(Box::new(Sample::make(self.options.author.as_ref(), progress)?)));
        Ok(())
    }
}

impl World for Newcomer {
    fn banner(&self) -> Banner {
        Banner { day: super::desk::day_in_title(self.options.clock, false), ..Banner::default() }
    }

    fn welcome(&mut self) -> Reply<Self> {
        let says = format!(
            "这里还没有户档：{}\n\n建自己村的户档，再导入县里的工作簿或村里的台账；或者先在示例村里试试，试的东西不会留下。\n\n有备份的，先离开，再恢复：hudang restore 备份文件",
            self.options.home.display()
        );
        let choices = ["建自己村的户档", "先看示例村"];
        Reply::done().and(Effect::Push(Box::new(Dialog::question(BEGIN, "第一次用", says, &choices))))
    }

    fn act(&mut self, action: Action) -> Reply<Self> {
        Reply::warned(format!("先建户档，再{}", action.row().label))
    }
}
