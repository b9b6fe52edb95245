"""Reads a hudang change set with nothing but Python: checks it, and prints the changes of one household.

python3 read_set.py SET.zip SERIAL
"""
import hashlib, json, sys, zipfile


def sha256(data):
    return hashlib.sha256(data).hexdigest()


with zipfile.ZipFile(sys.argv[1]) as container:
    if "manifest.json" not in container.namelist():
        sys.exit("sealed, or no change set")
    manifest, content = json.loads(container.read("manifest.json")), container.read("acts.jsonl")
if manifest["format"] != "hudang-set" or manifest["version"] > 1:
    sys.exit("of a newer version, or no change set")
if (sha256(content), len(content)) != (manifest["acts"]["sha256"], manifest["acts"]["bytes"]):
    sys.exit("acts.jsonl is not the file that was written")

chain, changes, counted = manifest["hash_before"], [], 0
for number, line in enumerate(content.split(b"\n")[:-1], manifest["from"]):
    chain, act = sha256(chain.encode() + b"\n" + line), json.loads(line)
    if (act["number"], act["village"]) != (number, manifest["village"]["code"]):
        sys.exit(f"number {number} is missing, or is another village's")
    taken = [{**rows, "row": rows.get("row", 0), "field": field, "old": None, "new": new}
             for rows in act.get("taken", []) for field, new in rows["fields"].items()]
    for part, change in enumerate(taken + act.get("changes", []), 1):
        counted += 1
        if change["household"] == int(sys.argv[2]):
            keys = ("section", "row", "field", "old", "new")
            changes.append({"number": number, "part": part, "by": act["by"], **{key: change[key] for key in keys}})
if (number, chain) != (manifest["to"], manifest["hash_last"]) or counted != manifest["counts"]["changes"]:
    sys.exit("the chain is broken: something is missing, altered or in another order")

print(json.dumps({"set": manifest["set"], "acts": manifest["counts"]["acts"], "changes": counted}))
for change in changes:
    print(json.dumps(change, ensure_ascii=False))
