use super::testing::{day, of, xixia};
use super::*;
use crate::data::Data;

fn shipped() -> Vec<Layer> {
    Layer::load_all(&Data::embedded()).unwrap()
}

/// The shipped layers and further ones.
fn with(more: &[(&str, &str)]) -> Vec<Layer> {
    let data =
        more.iter().fold(Data::embedded(), |data, (name, text)| data.with_file(&format!("policy/{name}.toml"), text));
    Layer::load_all(&data).unwrap()
}

fn whole(policy: &Policy, figure: &str) -> Option<i64> {
    policy.figure(Name::new(figure)).and_then(Figure::as_whole)
}

#[test]
fn a_village_has_the_layers_of_its_code() {
    for (division, name) in [
        ("419999101201", "xixia-2022"),
        ("411323001001", "xixia-2022"),
        ("411003001001", "jianan-2022"),
        ("410101001001", "henan-2022"),
        ("4101", "henan-2022"),
        ("130101001001", "hebei"),
        ("520101001001", "common"),
    ] {
        assert_eq!(of(division).name, Name::new(name), "{division}");
    }
}

#[test]
fn figure_by_figure_the_nearest_layer_that_states_it_wins() {
    let [xixia, jianan, henan, hebei] = ["411323", "411003", "4101", "1301"].map(of);
    let each = |figure: &str| [&xixia, &jianan, &henan, &hebei].map(|policy| whole(policy, figure));
    assert_eq!(each("house_floor_2"), [Some(40), Some(30), Some(30), None]);
    assert_eq!(each("line"), [Some(6900), Some(6900), Some(6900), None]);
    assert_eq!(each("helper_most_section"), [Some(4), None, None, None], "a county's cap is that county's");
    assert_eq!(each("travel_away"), [Some(400), None, None, None]);
    assert_eq!(each("rehabilitation_to"), [None, Some(6), None, None]);
    assert_eq!(each("adult"), [Some(18); 4], "what the program and the national checks bring along is everywhere");
    assert_eq!([&xixia, &jianan, &henan, &hebei].map(|policy| policy.visit.by_day), [Some(10), None, None, None]);
    assert!(hebei.rounds.is_empty() && hebei.clocks.is_empty() && hebei.card_by().is_none());
    assert_eq!(henan.rounds.len(), 2);
    let clocks = |policy: &Policy| policy.clocks.iter().map(|clock| clock.id.as_str()).collect::<Vec<_>>();
    assert!(clocks(&xixia).contains(&"may_eliminate") && !clocks(&jianan).contains(&"may_eliminate"));
    assert!(clocks(&jianan).contains(&"measures"));
}

#[test]
fn who_names_the_provinces_file_has_the_countys_over_it() {
    let all = shipped();
    let named = |name: &str, division: &str| Policy::of(&all, Some(name), division, day("2022-11-20")).name;
    assert_eq!(named("henan-2022", "411003001001"), Name::new("jianan-2022"));
    assert_eq!(named("henan-2022", "419999101201"), Name::new("xixia-2022"));
    assert_eq!(
        named("henan-2022", "130101001001"),
        Name::new("henan-2022"),
        "another place's, because a person says so"
    );
    assert_eq!(named("xixia-2022", "411003001001"), Name::new("xixia-2022"));
    assert_eq!(named("guizhou-2023", "411003001001"), Name::new("jianan-2022"), "a file that is no more");
}

#[test]
fn a_layer_goes_on_until_a_newer_one_of_its_places_begins() {
    let newer = "name = \"henan-2023\"\nlabel = \"河南2023\"\nplaces = [\"41\"]\nfrom = 2023-03-01\n\
                 [income]\nline = { is = 7500, source = \"S0:48\" }\n\
                 [[round]]\nid = \"2023-1\"\nlabel = \"2023年\"\nfrom = 2023-05-01\nto = 2023-06-30\nasks = [\"G01\"]\n\
                 household_signs = true\nsource = \"S0:49\"\n";
    let all = with(&[("henan-2023", newer)]);
    let on = |text: &str| Policy::of(&all, Some("henan-2022"), "410101001001", day(text));
    assert_eq!(whole(&on("2023-02-28"), "line"), Some(6900));
    assert_eq!(on("2023-02-28").label_for("410101001001", day("2023-02-28")), "河南2022(沿用2022年)");
    let new = on("2023-03-01");
    assert_eq!((whole(&new, "line"), whole(&new, "watch")), (Some(7500), None), "what it does not say is not stated");
    assert_eq!(new.label_for("410101001001", day("2023-03-01")), "河南2023");
    assert_eq!(new.round_on(day("2023-03-01")).unwrap().id, Name::new("2022-2"), "the last that was is still the last");
    assert_eq!(new.round_on(day("2023-05-01")).unwrap().id, Name::new("2023-1"));
    // The county's layer stays, over the newer one of the province.
    let county = Policy::of(&all, None, "411323001001", day("2023-03-01"));
    assert_eq!(
        (county.name, whole(&county, "line"), county.visit.by_day),
        (Name::new("xixia-2022"), Some(7500), Some(10))
    );
    assert_eq!(county.label_for("411323001001", day("2023-03-01")), "西峡2022(沿用2022年)");
    // A newer one that lies over the older goes on with it.
    let over = newer.replacen("from = 2023-03-01\n", "from = 2023-03-01\nover = \"henan-2022\"\n", 1);
    let all = with(&[("henan-2023", &over)]);
    let both = Policy::of(&all, None, "410101001001", day("2023-03-01"));
    assert_eq!((whole(&both, "line"), whole(&both, "watch")), (Some(7500), Some(8000)));
}

#[test]
fn the_label_says_where_it_only_stands_in() {
    let all = shipped();
    let label = |named: Option<&str>, division: &str, on: &str| {
        Policy::of(&all, named, division, day(on)).label_for(division, day(on))
    };
    assert_eq!(label(None, "419999101201", "2022-12-31"), "西峡2022");
    assert_eq!(label(None, "419999101201", "2023-01-01"), "西峡2022(沿用2022年)");
    assert_eq!(label(None, "419999101201", "2021-11-20"), "西峡2022(借用)");
    assert_eq!(label(None, "520101001001", "2022-11-20"), "本地未载明");
    assert_eq!(label(Some("xixia-2022"), "411003001001", "2022-11-20"), "西峡2022(借用)");
}

#[test]
fn a_round_lasts_until_the_next_begins() {
    let policy = xixia();
    assert_eq!(policy.round_on(day("2022-11-20")).unwrap().id, Name::new("2022-2"));
    assert_eq!(policy.round_on(day("2022-08-01")).unwrap().id, Name::new("2022-1"));
    assert_eq!(policy.round_on(day("2021-08-01")).unwrap().id, Name::new("2022-1"));
}

#[test]
fn layers_that_cannot_be_laid_are_refused_with_their_line() {
    let text = Data::embedded().file("policy/xixia-2022.toml").unwrap().text;
    let fault = |name: &str, text: &str| Layer::load_all(&Data::embedded().with_file(name, text)).unwrap_err();
    let twice = fault("policy/zz.toml", &text);
    assert_eq!((twice.file.as_str(), twice.line), ("policy/zz.toml", Some(2)), "{twice}");
    assert!(twice.why.contains("已有名为 xixia-2022"), "{twice}");
    for over in ["xixia-2022", "nobody"] {
        let text = text.replace("over = \"henan-2022\"", &format!("over = \"{over}\""));
        let fault = fault("policy/xixia-2022.toml", &text);
        assert_eq!(fault.line, Some(6), "{fault}");
    }
    let common = Data::embedded().file("policy/common.toml").unwrap().text.replace("morning =", "#");
    let fault = fault("policy/common.toml", &common);
    assert!(fault.why.contains("[visit] 里缺 morning"), "{fault}");
}
