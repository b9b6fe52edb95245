//! Files that cannot be taken in: each says why and what to do, and nothing of the command happens.

use std::io::Write;
use std::path::PathBuf;

use hudang::progress::{Progress, Unwatched};
use hudang::workspace::import::RosterImport;

use super::formats::{compound, ods, xls};
use super::{CODE, Clerk, places, village};
use crate::village::write;

#[test]
fn each_says_why_and_nothing_is_taken_in() {
    let (_, sheet, _, ledger) = village(6, 6);
    let clerk = Clerk::of(CODE);
    let good = clerk.file("台账.csv", write::csv_text(&ledger).as_bytes());
    let whole = std::fs::read(clerk.workbook("whole.xlsx", std::slice::from_ref(&sheet))).unwrap();
    let (old, open) = (xls(&sheet), ods(&sheet));
    let mut no_header = sheet.clone();
    no_header.header = no_header.header.iter().map(|_| "某列".to_owned()).collect();
    let mut word = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["[Content_Types].xml", "word/document.xml"] {
        word.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        word.write_all(b"<x/>").unwrap();
    }
    std::fs::create_dir(clerk.path("文件夹")).unwrap();
    let file = |name: &str, bytes: &[u8]| clerk.file(name, bytes);
    let cases: Vec<(PathBuf, &str)> = vec![
        (clerk.path("没有.xlsx"), "没有这个文件"),
        (clerk.path("文件夹"), "这是文件夹"),
        (file("空.xlsx", b""), "文件是空的"),
        (file("图.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"), "不是表格文件"),
        (file("文.pdf", b"%PDF-1.7\n1 0 obj <<>> endobj"), "不是表格文件"),
        (file("文.docx", &word.finish().unwrap().into_inner()), "不是表格文件"),
        (file("页.xls", b"<html><body>login</body></html>"), "不是表格文件"),
        (file("锁.xlsx", &compound("EncryptedPackage", b"secret")), "文件有密码"),
        (file("半.xlsx", &whole[..whole.len() / 2]), "文件不完整或已损坏"),
        (file("半.xls", &old[..old.len() / 2]), "文件不完整或已损坏"),
        (file("头.xls", &old[..64]), "文件不完整或已损坏"),
        (file("半.ods", &open[..open.len() / 2]), "文件不完整或已损坏"),
        (file("半页.xls", b"<html><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d</td>"), "文件不完整或已损坏"),
        (clerk.workbook("无表头.xlsx", &[no_header]), "找不到认识的表头"),
        (file("散文.txt", "今天走访了三户，都好。\n".as_bytes()), "找不到认识的表头"),
        (file("乱码.csv", &encoding_rs::BIG5.encode("姓名,關係\n陳,子\n").0), "--encoding"),
    ];
    for (path, why) in cases {
        // The good file goes first, and is not taken in either.
        let error = clerk.try_import(&[good.clone(), path.clone()], false).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
        assert!(error.contains(why), "{error}");
    }
    assert_eq!((clerk.files().len(), clerk.acts()), (0, 0));
}

#[test]
fn a_workbook_with_a_damaged_sheet_leaves_nothing_half_done() {
    let (_, sheet, ..) = village(30, 0);
    let clerk = Clerk::of(CODE);
    let whole = std::fs::read(clerk.workbook("a.xlsx", &[sheet])).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        drop(part);
        if name.contains("sheet1.xml") {
            bytes.truncate(bytes.len() * 2 / 3);
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    let half = clerk.file("b.xlsx", &out.finish().unwrap().into_inner());
    let error = clerk.try_import(&[half], false).unwrap_err().to_string();
    assert!(error.contains("文件不完整或已损坏"), "{error}");
    assert_eq!((clerk.files().len(), clerk.acts()), (0, 0));
}

#[test]
fn a_wrong_encoding_is_refused_and_a_right_one_helps() {
    let (_, _, _, ledger) = village(0, 4);
    let clerk = Clerk::of(CODE);
    let path = clerk.path("台账.csv");
    write::csv_gb18030(&path, &ledger);
    let import = |encoding: &str| {
        let import = RosterImport {
            files: vec![path.clone()],
            encoding: Some(encoding.to_owned()),
            sheet: None,
            dry_run: false,
        };
        clerk.open().import_rosters(&import, &mut Unwatched)
    };
    assert!(import("火星文").unwrap_err().to_string().contains("不认识的编码“火星文”"));
    assert!(import("utf-16le").unwrap_err().to_string().contains("找不到认识的表头"));
    assert_eq!(import("gbk").unwrap().households.new, 4);
}

#[test]
fn a_cell_that_cannot_be_read_is_listed() {
    let (_, _, _, ledger) = village(0, 4);
    let clerk = Clerk::of(CODE);
    let text = write::csv_text(&ledger);
    let bytes = text.replacen(",健康,", ",\u{1}\u{1},", 1).into_bytes();
    let bytes: Vec<u8> = bytes.into_iter().map(|b| if b == 1 { 0xff } else { b }).collect();
    let path = clerk.file("台账.csv", &bytes);
    let import = RosterImport { files: vec![path], encoding: Some("utf-8".to_owned()), sheet: None, dry_run: false };
    let report = clerk.open().import_rosters(&import, &mut Unwatched).unwrap();
    assert_eq!(places(&report.problems.refused), [(2, "健康状况", "有读不出的字，这一格未收".to_owned())]);
    assert_eq!(report.households.new, 4);
}

struct Impatient(u32);

impl Progress for Impatient {
    fn step(&mut self, what: &str, _: u64, _: Option<u64>) {
        assert!(!what.is_empty());
        self.0 += 1;
    }

    fn is_cancelled(&self) -> bool {
        self.0 > 1
    }
}

#[test]
fn an_import_that_is_stopped_never_was() {
    let (_, sheet, ..) = village(40, 0);
    let clerk = Clerk::of(CODE);
    let files = vec![clerk.workbook("a.xlsx", &[sheet])];
    let import = RosterImport { files: files.clone(), encoding: None, sheet: None, dry_run: false };
    let mut workspace = clerk.open();
    let error = workspace.import_rosters(&import, &mut Impatient(0)).unwrap_err().to_string();
    assert_eq!(error, "已取消，没有导入任何内容");
    assert_eq!(workspace.households().len(), 0);
    drop(workspace);
    assert_eq!(clerk.acts(), 0);
    assert_eq!(clerk.import(&files).households.new, 40);
}
