"""The texts of schemas and of the scaffold, in English and Chinese."""

EN: dict[str, str] = {
    "unknown-schema": "there is no schema of `{name}`.",
    "schema.standard": "a standard (standard.yaml)",
    "schema.records": "a record model (records.yaml)",
    "schema.scenarios": "scenarios beside a standard (*.test.yaml)",
    "schema.manifest": "what the sender says of the records (orgaudit.yaml)",
    "schema.clauses": "the clauses of a source (clauses.yaml)",
    "schema.calendar": "a calendar of working days",
    "schema.findings": "the JSON of `orgaudit check`",
    "schema.waivers": "findings that are let be, until a day",
    "exists": "it is there already; nothing was written.",
    "init.next": "Next: cd {folder}, and what README.md says.",
}

ZH: dict[str, str] = {
    "unknown-schema": "没有 `{name}` 的模式。",
    "schema.standard": "标准（standard.yaml）",
    "schema.records": "记录模型（records.yaml）",
    "schema.scenarios": "标准旁的情景（*.test.yaml）",
    "schema.manifest": "报送说明（orgaudit.yaml）",
    "schema.clauses": "来源的条款（clauses.yaml）",
    "schema.calendar": "工作日历",
    "schema.findings": "`orgaudit check` 的 JSON 输出",
    "schema.waivers": "在期限内豁免的发现",
    "exists": "文件已经存在；什么都没有写入。",
    "init.next": "下一步：cd {folder}，然后看 README.md。",
}
