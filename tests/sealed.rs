//! Signed and sealed sets, and the keys: every wrong one told by what it is.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use hudang::domain::{Author, Chain, Clock, Role, Side};
use hudang::exchange::keys::{KeyCard, KeyStanding, Keys};
use hudang::exchange::set::{BadSet, Fault, SetReader, Signature, seal, verify};
use hudang::progress::Unwatched;
use hudang::store::{Accepted, Store};
use hudang::workspace::ids::Ids;
use hudang::workspace::keys::{KeyFault, keys_at};
use hudang::workspace::{NewVillage, Options, Workspace, WorkspaceError};
use serde_json::json;

use crate::change_sets::{self, Parts};
use crate::commands::{edit, run, run_with, village};
use crate::made::{VILLAGE, day};
use crate::schema::Schema;

fn keys(seed: u8) -> Keys {
    Keys::from_seeds([seed; 32], [seed + 100; 32]).unwrap()
}

fn plain() -> Vec<u8> {
    change_sets::set(&change_sets::village(), 1, 4)
}

fn sealed(recipients: &[&Keys]) -> Vec<u8> {
    let recipients: Vec<_> = recipients.iter().map(|keys| keys.public().sealing).collect();
    seal("419999101201-000001-000004".parse().unwrap(), "石桥村", &plain(), &recipients).unwrap()
}

fn found(bytes: &[u8], own: Option<&Keys>) -> Vec<Fault> {
    let report = verify([("a.zip".to_owned(), Ok(Cursor::new(bytes)))], own);
    report.problems.into_iter().map(|problem| problem.fault).collect()
}

#[test]
fn a_sealed_set_opens_to_the_same_bytes_for_either_side() {
    let (county, home) = (keys(1), keys(2));
    let (one, other) = (sealed(&[&county, &home]), sealed(&[&county, &home]));
    assert_ne!(one, other, "each time another file key");
    for own in [&county, &home] {
        for bytes in [&one, &other] {
            let mut reader = SetReader::open(Cursor::new(bytes), Some(own)).unwrap();
            let lines: Vec<_> = reader.lines().unwrap().map(Result::unwrap).collect();
            assert_eq!(lines, change_sets::village().lines[..4]);
            assert_eq!(reader.sealed().unwrap().recipients.len(), 2);
            assert!(matches!(reader.signature(), Signature::By(_)));
            assert!(found(bytes, Some(own)).is_empty());
        }
    }
    let mut parts = Parts::of(&one);
    Schema::named("sealed").check(&serde_json::from_slice(parts.entry("sealed.json")).unwrap()).unwrap();
    let readme = String::from_utf8(parts.entry("README.txt").clone()).unwrap();
    assert!(readme.contains("石桥村") && readme.contains(&county.public().sealing.fingerprint()), "{readme}");
    assert!(!readme.contains('{') && readme.matches('\n').count() == readme.matches("\r\n").count());
    let acts = &change_sets::village().lines[1];
    assert!(!one.windows(20).any(|part| part == &acts[..20]), "nothing of it lies open");
}

#[test]
fn whoever_has_another_key_is_told_for_whom_it_is() {
    let county = keys(1);
    for own in [Some(&keys(3)), None] {
        let faults = found(&sealed(&[&county]), own);
        assert!(
            matches!(&faults[..], [Fault::Unreadable(BadSet::Sealed(whom))] if *whom == county.public().sealing.fingerprint())
        );
        assert!(faults[0].is_broken_hash());
    }
}

#[test]
fn no_flipped_byte_of_a_sealed_set_passes() {
    let county = keys(1);
    let mut bytes = sealed(&[&county]);
    let whole = SetReader::open(Cursor::new(&bytes), Some(&county)).unwrap().manifest_hash();
    // Every byte, where anything may be taken for a length; every few where there is only what is sealed.
    let dense = 3000.min(bytes.len());
    let places: Vec<usize> = (0..dense).chain((dense..bytes.len()).step_by(7)).collect();
    let mut passed = 0;
    for at in places {
        bytes[at] ^= 0x10;
        if found(&bytes, Some(&county)).is_empty() {
            // A date in the container, or the like: what is read is the same.
            assert_eq!(SetReader::open(Cursor::new(&bytes), Some(&county)).unwrap().manifest_hash(), whole, "{at}");
            passed += 1;
        }
        bytes[at] ^= 0x10;
    }
    assert!(passed < 60, "{passed}");
    for length in (0..bytes.len()).step_by(11) {
        assert!(!found(&bytes[..length], Some(&county)).is_empty(), "{length}");
    }
}

#[test]
fn what_is_altered_within_or_around_is_found() {
    let county = keys(1);
    let bytes = sealed(&[&county]);
    let told = |spoil: &dyn Fn(&mut Parts)| {
        let mut parts = Parts::of(&bytes);
        spoil(&mut parts);
        found(&parts.zip(), Some(&county)).iter().map(ToString::to_string).collect::<String>()
    };
    let text = |key: &'static str, value: serde_json::Value| {
        move |parts: &mut Parts| {
            let entry = parts.entry("sealed.json");
            let mut sealed: serde_json::Value = serde_json::from_slice(entry).unwrap();
            sealed[key] = value.clone();
            *entry = serde_json::to_vec(&sealed).unwrap();
        }
    };
    assert!(told(&text("set", json!("419999101201-000001-000005"))).contains("不符"));
    assert!(told(&text("bytes", json!(5))).contains("不符"));
    assert!(told(&text("for", json!(["age1x"]))).contains("读不懂"));
    assert!(told(&text("format", json!("x"))).contains("不是变更集"));
    for newer in [text("version", json!(2)), text("alg", json!({"seal": "SM4"}))] {
        let mut parts = Parts::of(&bytes);
        newer(&mut parts);
        let faults = found(&parts.zip(), Some(&county));
        assert!(faults[0].to_string().contains("请先升级程序") && !faults[0].is_broken_hash(), "{faults:?}");
    }
    assert!(told(&|parts| parts.entry("set.zip.age")[900] ^= 1).contains("加密部分对不上"));
    assert!(told(&|parts| parts.entry("set.zip.age").truncate(900)).contains("加密部分对不上"));
    assert!(told(&|parts| parts.entry("set.zip.age").clear()).contains("加密部分对不上"));
    assert!(told(&|parts| parts.entries.push(("x".into(), Vec::new()))).contains("多出一个“x”"));
    assert!(told(&|parts| parts.entries.retain(|(name, _)| name != "set.zip.age")).contains("没有 set.zip.age"));
}

#[test]
fn every_wrong_signature_is_told_by_what_is_wrong() {
    let bytes = plain();
    let told = |spoil: &dyn Fn(&mut Parts)| {
        let mut parts = Parts::of(&bytes);
        spoil(&mut parts);
        found(&parts.zip(), None)
    };
    let signature = |parts: &mut Parts, key: &str, value: &str| {
        let entry = parts.entry("signature.json");
        let mut text: serde_json::Value = serde_json::from_slice(entry).unwrap();
        text[key] = json!(value);
        *entry = serde_json::to_vec(&text).unwrap();
    };
    let mut parts = Parts::of(&bytes);
    Schema::named("signature").check(&serde_json::from_slice(parts.entry("signature.json")).unwrap()).unwrap();
    assert_eq!(parts.entries.last().unwrap().0, "signature.json");

    let unsigned = told(&|parts| parts.entries.retain(|(name, _)| name != "signature.json"));
    assert!(matches!(unsigned[..], [Fault::Unsigned]) && unsigned[0].is_broken_hash(), "{unsigned:?}");
    let nobody = told(&|parts| parts.manifest(|manifest| drop(manifest.as_object_mut().unwrap().remove("key"))));
    assert!(matches!(nobody[..], [Fault::Unsigned]), "{nobody:?}");
    let altered = told(&|parts| parts.manifest(|manifest| manifest["made"]["by"] = json!("别人")));
    assert!(matches!(altered[..], [Fault::WrongSignature]) && altered[0].is_broken_hash(), "{altered:?}");
    let other = told(&|parts| signature(parts, "key", &keys(9).public().signing.to_string()));
    assert!(matches!(other[..], [Fault::WrongSignature]), "{other:?}");
    let forged = told(&|parts| signature(parts, "value", &keys(9).sign(b"").to_string()));
    assert!(matches!(forged[..], [Fault::WrongSignature]), "{forged:?}");
    let broken = told(&|parts| signature(parts, "value", "12"));
    assert!(matches!(broken[..], [Fault::Unreadable(BadSet::Damaged(_))]), "{broken:?}");
    let newer = told(&|parts| signature(parts, "alg", "SM2"));
    assert!(matches!(newer[..], [Fault::Unreadable(BadSet::OtherAlg(_))]) && !newer[0].is_broken_hash(), "{newer:?}");

    // Whoever signs with her own key passes alone, and is seen beside the others.
    let mut parts = Parts::of(&change_sets::set(&change_sets::village(), 5, 7));
    parts.sign(&keys(9));
    let next = parts.zip();
    assert!(found(&next, None).is_empty());
    let both = [("a.zip", &bytes), ("b.zip", &next)].map(|(name, bytes)| (name.to_owned(), Ok(Cursor::new(bytes))));
    let report = verify(both, None);
    assert!(
        matches!(&report.problems[..], [p] if matches!(&p.fault, Fault::OtherSigner { other, .. } if other == "a.zip"))
    );
    assert_eq!(report.signers.len(), 2);
}

#[test]
fn openssl_says_the_same_of_a_signature() {
    let folder = tempfile::tempdir().unwrap();
    let mut parts = Parts::of(&plain());
    fs::write(folder.path().join("manifest.json"), parts.entry("manifest.json")).unwrap();
    let text: serde_json::Value = serde_json::from_slice(parts.entry("signature.json")).unwrap();
    let readme = String::from_utf8(parts.entry("README.txt").clone()).unwrap().replace("\r\n", "\n");
    // The very commands that the set itself gives.
    let from = readme.find("(printf 302a").unwrap();
    let script: String = readme[from..].lines().take(3).map(|line| format!("{}\n", line.trim())).collect();
    let script = script
        .replace("printf 公钥", &format!("printf {}", text["key"].as_str().unwrap()))
        .replace("printf 签名值", &format!("printf {}", text["value"].as_str().unwrap()));
    let sh = |script: &str| std::process::Command::new("sh").arg("-c").arg(script).current_dir(folder.path()).output();
    let has_tools = sh("command -v openssl && command -v xxd").is_ok_and(|output| output.status.success());
    if !has_tools {
        eprintln!("no openssl or xxd here: the commands of the README were not tried");
        return;
    }
    let output = sh(&script).unwrap();
    assert!(output.status.success(), "{script}{}", String::from_utf8_lossy(&output.stderr));
    fs::write(folder.path().join("manifest.json"), "{}").unwrap();
    assert!(!sh(&script).unwrap().status.success());
}

fn county(folder: &Path) -> Workspace {
    let options = Options {
        home: folder.to_owned(),
        clock: Clock::on(day("2022-11-20")),
        ids: Ids::Counted(500),
        author: Some(Author { name: "赵县".into(), role: Role::County }),
        village: None,
        overlay: None,
    };
    Workspace::create(options, &NewVillage { scope: "419999".into(), name: "示例县".into(), policy: None }).unwrap()
}

#[test]
fn a_store_has_keys_of_its_own_that_nobody_else_may_read() {
    let home = village();
    let folder = home.dir.path().join("keys");
    let own = keys_at(home.dir.path()).unwrap().unwrap().public();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert!(["signing.key", "sealing.key"].iter().all(|name| mode(&folder.join(name)) == 0o600));
    }
    // An older store gets them when they are needed, and keeps the half that it has.
    fs::remove_file(folder.join("signing.key")).unwrap();
    let workspace = home.open("2022-11-20");
    assert_eq!(workspace.own_keys().unwrap().public().sealing, own.sealing);
    drop(workspace);
    // A damaged one is never replaced.
    let damaged = "no key";
    fs::write(folder.join("signing.key"), damaged).unwrap();
    let workspace = home.open("2022-11-20");
    let error = workspace.own_keys().unwrap_err();
    assert!(matches!(error, WorkspaceError::Key(KeyFault::Damaged { .. })));
    assert!(error.to_string().contains("signing.key") && error.to_string().contains("备份"), "{error}");
    assert_eq!(fs::read_to_string(folder.join("signing.key")).unwrap(), damaged);
    drop(workspace);
    let out = home.dir.path().join("out");
    let ran = run(home.dir.path(), &["changes", "export", "--out", out.to_str().unwrap()]);
    assert_eq!((ran.code, out.exists()), (5, false), "{}", ran.err);
    assert_eq!(run(home.dir.path(), &["list"]).code, 0, "the files are hers all the same");
}

#[test]
fn a_backup_brings_the_keys_and_what_waits_back() {
    let home = village();
    let keys_folder = home.dir.path().join("keys");
    let waiting = home.dir.path().join("waiting");
    fs::create_dir(&waiting).unwrap();
    fs::write(waiting.join("hudang-x.zip"), vec![7; 300_000]).unwrap();
    fs::create_dir(waiting.join("folder")).unwrap();
    fs::write(waiting.join("half.tmp"), b"").unwrap();
    let (backup, again) = (home.dir.path().join("b.hudang"), tempfile::tempdir().unwrap());
    let made = run(home.dir.path(), &["backup", backup.to_str().unwrap()]);
    assert!(made.out.contains("钥匙也在里面"), "{}", made.out);
    let ran = run(again.path(), &["restore", backup.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("钥匙也已恢复"), "{}", ran.out);
    for name in ["signing.key", "sealing.key"] {
        let path = again.path().join("keys").join(name);
        assert_eq!(fs::read(&path).unwrap(), fs::read(keys_folder.join(name)).unwrap());
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777, 0o600);
    }
    assert_eq!(fs::read(again.path().join("waiting/hudang-x.zip")).unwrap(), vec![7; 300_000]);
    assert!(!again.path().join("waiting/half.tmp").exists() && !again.path().join("journal/keys").exists());
    // Killed before the keys had come to their place: the next opening puts them there.
    fs::rename(again.path().join("keys"), again.path().join("journal/keys")).unwrap();
    drop(Store::open(again.path(), &mut Unwatched).unwrap());
    assert!(again.path().join("keys/signing.key").exists());
}

#[test]
fn sets_are_sealed_once_the_county_is_known_and_stay_the_same_inside() {
    let home = village();
    let dir = home.dir.path();
    let county_home = tempfile::tempdir().unwrap();
    let mut at_county = county(county_home.path());
    let out = dir.join("out");
    let export = |more: &[&str]| {
        let words = [&["--json", "changes", "export", "--out", out.to_str().unwrap()], more].concat();
        let ran = run(dir, &words);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        (ran.json(), fs::read(ran.json()["file"].as_str().unwrap()).unwrap())
    };
    let form = edit(None, "4199991012010001", "income", "wages", 2_700_000).to_string();
    assert_eq!(run_with(dir, &["record", "-"], form.as_bytes()).code, 0);
    let (first, plain) = export(&[]);
    let own = keys_at(dir).unwrap().unwrap();

    // The county's card is looked at, and taken in.
    let card = dir.join("county.json");
    let published = at_county.key_card().unwrap();
    fs::write(&card, published.to_bytes()).unwrap();
    Schema::named("key").check(&serde_json::from_slice(&published.to_bytes()).unwrap()).unwrap();
    let accepted = run(dir, &["--json", "key", "accept", card.to_str().unwrap()]);
    assert_eq!(accepted.json()["fingerprint"], published.keys.signing.fingerprint());
    let shown = run(dir, &["key", "show"]).out;
    assert!(shown.contains(&published.keys.signing.fingerprint()) && shown.contains("李桂枝认可"), "{shown}");

    let run_again = ["--from", "1", "--to", &first["to"].to_string()];
    let (_, sealed) = export(&run_again);
    assert_ne!(sealed, plain);
    let opens = |keys: &Keys| SetReader::open(Cursor::new(&sealed), Some(keys)).map(|set| set.manifest_hash());
    let hash = SetReader::open(Cursor::new(&plain), None).unwrap().manifest_hash();
    assert_eq!((opens(&own).unwrap(), opens(at_county.own_keys().unwrap()).unwrap()), (hash, hash));
    assert_eq!(export(&[&run_again[..], &["--plain"]].concat()).1, plain);

    // The file is written last as it was sealed; it is checked with the home's keys, and not without.
    let (set, _) = export(&run_again);
    let file = set["file"].as_str().unwrap();
    let checked = run(dir, &["changes", "verify", file]);
    assert!(checked.code == 0 && checked.out.contains(&own.public().signing.fingerprint()), "{}", checked.out);
    let elsewhere = tempfile::tempdir().unwrap();
    let refused = run(elsewhere.path(), &["--json", "changes", "verify", file]);
    assert_eq!((refused.code, refused.json()["ok"].clone()), (5, json!(false)));
    assert!(refused.json()["problems"][0].as_str().unwrap().contains("加密给别人"));

    // After the keys have changed, a set of before is the same bytes.
    fs::remove_dir_all(dir.join("keys")).unwrap();
    assert_eq!(export(&[&run_again[..], &["--plain"]].concat()).1, plain);
    let renewed = keys_at(dir).unwrap().unwrap().public();
    assert_ne!(renewed.signing, own.public().signing);

    // The county: the first key is kept, another is refused until a person accepts it.
    let chain: Chain = VILLAGE.parse::<hudang::domain::VillageCode>().unwrap().into();
    assert_eq!(at_county.pin(chain, &own.public(), Accepted::First).unwrap(), KeyStanding::First);
    assert_eq!(at_county.pin(chain, &own.public(), Accepted::First).unwrap(), KeyStanding::Same);
    assert_eq!(at_county.pin(chain, &renewed, Accepted::First).unwrap(), KeyStanding::Other);
    assert_eq!(at_county.pinned(chain).unwrap().signing, own.public().signing, "nothing is replaced in silence");
    let card = KeyCard { side: Side::Village, scope: VILLAGE.into(), name: "石桥村".into(), keys: renewed.clone() };
    let refused = at_county.accept_key(&card, false).unwrap_err().to_string();
    assert!(refused.contains(&own.public().signing.fingerprint()) && refused.contains("--yes-replace"), "{refused}");
    assert_eq!(at_county.accept_key(&card, true).unwrap(), (chain, KeyStanding::Other));
    let pinned = at_county.pinned(chain).unwrap();
    assert_eq!((pinned.signing, pinned.accepted, &*pinned.by), (renewed.signing, Accepted::Person, "赵县"));
    assert_eq!(at_county.pins().len(), 1);
    let far = KeyCard { scope: "410000101201".into(), ..card };
    assert!(matches!(at_county.accept_key(&far, true), Err(WorkspaceError::Key(KeyFault::NotOurs { .. }))));
    let own_card = at_county.key_card().unwrap();
    assert!(matches!(at_county.accept_key(&own_card, true), Err(WorkspaceError::Key(KeyFault::Own))));
}
