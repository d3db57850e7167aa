"""What is wrong in a standard: bounds that do not fit, names and values that are not there, shapes that are others."""

EN: dict[str, str] = {
    # ---- bounds and what they are held against
    "bound-without-unit": "`{value}` has no unit: the longest time is held against a duration, as `30 days`.",
    "bound-of-time": "`{value}` is a length of time, and what is held against it is a plain {expected}.",
    "bound-of-other-unit": "`{value}`: what is held against it is counted in {unit}.",
    "bound-parameter-of-time": "`{value}` holds lengths of time; a number is held against a parameter of plain numbers.",
    "bound-of-whole": "`{value}` is a part of a whole, and what is held against it is a whole number; "
    "a part is measured by `share` or `ratio`.",
    "bound-outside-share": "`{value}`: a share lies between 0% and 100%.",
    "bound-below-none": "`{value}`: what is counted is never below 0.",
    "bound-empty": "`{kind}`: nothing that can be found here keeps {value}.",
    "wrong-bound": "`{value}` is of type {type}; what is held against it is a {expected}.",
    "bare-date": "`{day}` would be a subtraction here; a date is written `date '{day}'`.",
    "hint-whole-months": "Months are counted by `whole_months(a, b)`, years by `whole_years(a, b)`.",
    # ---- values
    "each-category": "`{name}`, a value of `{of}`, is no category of `{field}`.",
    "unknown-choice": "`{name}` is no choice of the reading `{reading}`.",
    "hint-date": "A date is written `date '{day}'`.",
    "ends-before-it-begins": "`in_force` ends ({to}) before it begins ({from_}).",
    "unknown-calendar": "there is no calendar `{name}`: `weekdays`, or a file beside the standard, is expected.",
    "no-values": "the parameter `{name}` has no value; write `{{2024-01-01: 3}}`: the day from which on it holds, and the value.",
    # ---- tailoring
    "unknown-tailored-rule": "the extended standard has no rule `{name}`.",
    "bound-for-unbounded": "`{rule}` asks by `{measure}`, which takes no bound; it can only be `off` or have another `severity`.",
    "bound-for-levels": "`{rule}` has `levels`, which one bound cannot replace; switch it `off` and write a rule instead.",
    "tailored-type": "`{name}` has values of type {old} in the extended standard, here {new}.",
    "models-of-extended": "the extended standards speak of different record models: {models}; "
    "a `records.yaml` beside this standard would say which holds.",
    # ---- shapes
    "wrong-kind": "`{key}`: {expected} is expected, here is {found}.",
    "shape-language": "a text has the languages zh and en, not {found}.",
}

ZH: dict[str, str] = {
    "bound-without-unit": "`{value}` 没有单位：最长间隔要与时长相比，如 `30 days`。",
    "bound-of-time": "`{value}` 是时长，与它相比的却是普通的 {expected}。",
    "bound-of-other-unit": "`{value}`：与它相比的数以{unit}计。",
    "bound-parameter-of-time": "`{value}` 存的是时长；数要与存数的参数相比。",
    "bound-of-whole": "`{value}` 是比例，与它相比的却是整数；比例请用 `share` 或 `ratio`。",
    "bound-outside-share": "`{value}`：比例在 0% 与 100% 之间。",
    "bound-below-none": "`{value}`：计数不会小于 0。",
    "bound-empty": "`{kind}`：这里能得到的数没有一个符合 {value}。",
    "wrong-bound": "`{value}` 的类型是 {type}，与它相比的是 {expected}。",
    "bare-date": "`{day}` 在这里会被当成减法；日期写作 `date '{day}'`。",
    "hint-whole-months": "月数用 `whole_months(a, b)`，年数用 `whole_years(a, b)`。",
    "each-category": "“{of}”的值“{name}”不是“{field}”的取值。",
    "unknown-choice": "“{name}”不是读法“{reading}”的选项。",
    "hint-date": "日期写作 `date '{day}'`。",
    "ends-before-it-begins": "`in_force` 的终止日（{to}）早于起始日（{from_}）。",
    "unknown-calendar": "没有日历“{name}”：应为 `weekdays`，或标准旁的一个文件。",
    "no-values": "参数“{name}”没有值；写作 `{{2024-01-01: 3}}`：起始日和值。",
    "unknown-tailored-rule": "被引用的标准没有规则“{name}”。",
    "bound-for-unbounded": "“{rule}”用 `{measure}`，不带界限；只能停用（`off`）或改 `severity`。",
    "bound-for-levels": "“{rule}”有 `levels`，一个界限不能代替；请停用（`off`）后另写规则。",
    "tailored-type": "“{name}”在被引用的标准里是 {old} 类型，这里是 {new}。",
    "models-of-extended": "被引用的标准所用的记录模型不同：{models}；请在本标准旁放 `records.yaml` 说明以哪个为准。",
    "wrong-kind": "“{key}”应为{expected}，这里是{found}。",
    "shape-language": "文本的语言是 zh 和 en，没有 {found}。",
}
