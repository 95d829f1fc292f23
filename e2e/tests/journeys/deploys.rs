//! A new version of the page is put on the host while visitors have the old one open: each page is of one version, with a network
//! and without.

use std::fs;
use std::path::{Path, PathBuf};

use e2e::page::Page;
use e2e::site::{Fault, Site};
use xtask::seal::{program_folder, seal};
use xtask::shell::root;

use super::{CPU, assert_no_errors, open};

/// A version of the page, made from the one that was built, that says its number in its style.
fn version(site: &Site, number: u32) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("thermostat-deploy-{}-{number}", std::process::id()));
    // What an earlier run may have left.
    let _ = fs::remove_dir_all(&folder);
    copy(site.folder(), &folder);
    let program = program_folder(&folder);
    let name = program.file_name().unwrap().to_string_lossy().into_owned();
    for entry in fs::read_dir(&program).unwrap() {
        let file = entry.unwrap();
        fs::rename(file.path(), folder.join(file.file_name())).unwrap();
    }
    fs::remove_dir(&program).unwrap();
    let index = fs::read_to_string(folder.join("index.html")).unwrap();
    let style = format!("<style>:root {{ --version: {number} }}</style></head>");
    let index = index.replace(&format!("./{name}/"), "./").replacen("</head>", &style, 1);
    fs::write(folder.join("index.html"), index).unwrap();
    fs::copy(root().join("www/offline.js"), folder.join("offline.js")).unwrap();
    seal(&folder).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// The page's version, once it has answered; everything of the program that it fetched is from one folder, its own.
fn assert_whole(page: &Page) -> String {
    page.wait_finished().unwrap();
    let script = "const own = new URL(document.querySelector('meta[name=program]').content, document.baseURI).href;\n\
        const fetched = performance.getEntriesByType('resource').map(e => e.name).filter(name => /\\/[0-9a-f]{16}\\//.test(name));\n\
        return [getComputedStyle(document.documentElement).getPropertyValue('--version').trim(),\n\
          fetched.length, fetched.filter(name => !name.startsWith(own))]";
    let found = page.browser.execute(script, &[]).unwrap();
    assert!(found[1].as_u64().unwrap() >= 3, "the program's files: {found}");
    assert_eq!(found[2], serde_json::json!([]), "all from one version");
    found[0].as_str().unwrap().to_owned()
}

fn kept(page: &Page) {
    let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))";
    page.browser.execute_async(script, &[]).unwrap();
}

#[test]
fn a_new_version_while_an_old_page_is_open_never_mixes_with_it() {
    let site = Site::start().unwrap();
    let versions = [version(&site, 1), version(&site, 2)];
    site.deploy(&versions[0]);
    let page = open(&site, CPU);
    assert_eq!(assert_whole(&page), "1");
    kept(&page);
    page.browser.reload().unwrap(); // now the service worker answers
    assert_eq!(assert_whole(&page), "1");
    let answers = page.all_cards().unwrap();
    let old = page.browser.tab().unwrap();

    site.deploy(&versions[1]);
    // The open page goes on: it has its program, and what it needs of that later comes from its own version's cache.
    page.run_by(|| page.browser.click("#run")).unwrap();
    assert_eq!(page.all_cards().unwrap(), answers);
    let own = "const done = arguments[0]; const own = document.querySelector('meta[name=program]').content;\n\
        fetch(own + 'worker_cpu_loader.js').then(answer => done(answer.status), error => done(String(error)))";
    assert_eq!(page.browser.execute_async(own, &[]).unwrap(), 200, "the old page still has its own program");

    // Another tab has the new version, whole, though the old service worker is there.
    page.browser.new_tab().unwrap();
    page.browser.open(&site.url(CPU)).unwrap();
    assert_eq!(assert_whole(&page), "2");
    assert_eq!(page.all_cards().unwrap(), answers);
    let waits = "const done = arguments[0]; const look = async () => {\n\
        const r = await navigator.serviceWorker.getRegistration(); if (r.waiting) done(true); else setTimeout(look, 100) }; look()";
    page.browser.execute_async(waits, &[]).unwrap();

    // Without a network, while the new service worker waits for the old page to close: still one version.
    site.set_fault(Fault::Offline);
    page.browser.reload().unwrap();
    let without = assert_whole(&page);
    println!("without a network, while the old page is open: version {without}");
    page.browser.switch_to(&old).unwrap();
    page.browser.reload().unwrap();
    assert_eq!(assert_whole(&page), without);
    site.set_fault(Fault::None);
    page.browser.reload().unwrap();
    assert_eq!(assert_whole(&page), "2", "with a network the old tab is new after a reload");

    // When no page of the old version is left, the new one is what opens without a network.
    page.browser.open("about:blank").unwrap();
    let tabs = page.browser.new_tab().unwrap();
    page.browser.switch_to(&old).unwrap();
    page.browser.close_tab().unwrap();
    page.browser.switch_to(&tabs).unwrap();
    page.browser.open(&site.url(CPU)).unwrap();
    assert_eq!(assert_whole(&page), "2");
    for folder in versions {
        // What cannot be removed is only a temporary file.
        let _ = fs::remove_dir_all(folder);
    }
    assert_no_errors(&page, &["Failed to load resource", "net::ERR_", "Failed to fetch"]);
}
