"""Pairs of rules, plainly fictional: those that contradict each other, and those that only look so.

Each is two sentences, and what the first policy's says differently from the second's; titles stand
where it matters.
"""

TRUE_EN = (
    ("A client gift is limited to RMB 200 a year.", "A client gift is limited to RMB 500 a year."),
    ("Complaint files are kept for 5 years.", "Complaint files are kept for 10 years."),
    (
        "A lantern permit must be renewed within 10 business days.",
        "A lantern permit must be renewed within 20 business days.",
    ),
    (
        "The account manager visits a harbour client at least once a quarter, and logs it in 3 days.",
        "The account manager visits a harbour client at least once a quarter, and logs it in 7 days.",
    ),
    (
        "A red kite alert is answered within 24 hours.",
        "A red kite alert is answered within 2 hours.",
    ),
    ("The pledge ratio of silver is at most 60%.", "The pledge ratio of silver is at most 75%."),
    ("A boat loan runs for up to 10 years.", "A boat loan may run for at most 15 years."),
    (
        "A client may hold up to four harbour cards with the bank.",
        "A client may hold up to six harbour cards with the bank.",
    ),
    (
        "Two employees must witness the signature of a boat contract.",
        "Three employees must witness the signature of a boat contract.",
    ),
    (
        "Withdrawals at harbour machines may not exceed RMB 20,000 a day.",
        "Withdrawals at harbour machines may not exceed RMB 5,000 a day.",
    ),
    (
        "An incident at the pier is reported to Compliance within 1 business day.",
        "An incident at the pier must be reported to Compliance within 3 business days.",
    ),
    (
        "Recordings of boat sales must be kept for 3 years.",
        "Recordings of boat sales are kept for at least 5 years.",
    ),
    ("The fee for a pier certificate is RMB 20.", "The fee for a pier certificate is RMB 50."),
    (
        "A rejected applicant may apply again after 90 days.",
        "A rejected applicant may apply again after 30 days.",
    ),
    (
        "The risk test of a harbour client is valid for 12 months.",
        "The risk test of a harbour client is valid for 2 years.",
    ),
    (
        "An account manager may accept hospitality from a shipping client.",
        "An account manager must not accept hospitality from a shipping client.",
    ),
    (
        "Photographs of a client's passport may be sent by private chat.",
        "Photographs of a client's passport may not be sent by private chat.",
    ),
    (
        "A blank form signed by the client must be destroyed at once.",
        "A blank form signed by the client may be destroyed at once.",
    ),
    (
        "The client may withdraw a pier order by telephone.",
        "The client cannot withdraw a pier order by telephone.",
    ),
    (
        "Boat loans to relatives of an employee are forbidden.",
        "Boat loans to relatives of an employee are allowed.",
    ),
    (
        "The report must be signed by the harbour master.",
        "The report need not be signed by the harbour master.",
    ),
    (
        "Anchors may be accepted as security for a boat loan.",
        "Anchors must not be accepted as security for a boat loan.",
    ),
    (
        "Staff may use private e-mail for harbour documents.",
        "Staff must not use private e-mail for harbour documents.",
    ),
    (
        "A power of attorney must be notarised if it was signed at sea.",
        "A power of attorney may be notarised if it was signed at sea.",
    ),
    (
        "Seals of a client may be kept in the branch safe overnight.",
        "Seals of a client shall not be kept in the branch safe overnight.",
    ),
    ("A boat is inspected 4 times a year.", "A boat is inspected 2 times a year."),
)

FALSE_EN = (
    # other clients, products, tiers, colours, staff
    ("Files of companies are kept for 5 years.", "Files of individuals are kept for 10 years."),
    ("A red warning is answered within 1 day.", "An orange warning is answered within 2 days."),
    ("Complaint files are kept for 5 years.", "Visit files are kept for 10 years."),
    (
        "The annual fee of a gold card is RMB 320.",
        "The annual fee of a platinum card is RMB 1,800.",
    ),
    (
        "The team leader may approve compensation up to RMB 5,000.",
        "The branch general manager may approve compensation up to RMB 50,000.",
    ),
    (
        "High-risk files are reviewed every 6 months.",
        "Low-risk files are reviewed every 36 months.",
    ),
    (
        "A loan of up to RMB 1 million is checked every 6 months.",
        "A loan of more than RMB 3 million is checked every 3 months.",
    ),
    ("An R2 product may be sold by telephone.", "An R4 product may not be sold by telephone."),
    (
        "Interest on a term deposit is paid after 30 days.",
        "Interest on a structured deposit is paid after 90 days.",
    ),
    # a general rule and its exception
    (
        "A seal may not be kept by an account manager.",
        "A seal may be kept by an account manager with the written consent of Compliance.",
    ),
    (
        "Boat loans run for at most 10 years.",
        "Boat loans for research vessels run for at most 20 years.",
    ),
    (
        "Complaint files are kept for 5 years.",
        "Complaint files are kept for 10 years unless the client objects.",
    ),
    (
        "A pier order may be withdrawn by telephone.",
        "A pier order may not be withdrawn by telephone after 17:00.",
    ),
    (
        "Documents may not leave the branch.",
        "Documents may leave the branch only if a locked bag is used.",
    ),
    # the same figure or ruling, otherwise said
    ("A risk test is valid for 12 months.", "A risk test is valid for one year."),
    ("A boat permit is renewed within 2 weeks.", "A boat permit is renewed within 14 days."),
    ("A boat permit is renewed within 14 days.", "A boat permit must be renewed within 14 days."),
    ("Gifts of cash are forbidden.", "Gifts of cash may not be accepted."),
    # other acts, occasions and sides of the same subject
    (
        "A complaint is entered within 2 business days after it is received.",
        "A complaint is answered within 15 business days after it is received.",
    ),
    (
        "The first extension of a boat loan is at most 6 months.",
        "The second extension of a boat loan is at most 3 months.",
    ),
    (
        "A client may withdraw up to RMB 10,000 a day.",
        "A client may withdraw up to RMB 100,000 a year.",
    ),
    ("The pier fee is at least RMB 10.", "The pier fee is at most RMB 50."),
    (
        "An account manager may tell the client that the payment is being checked.",
        "An account manager may not tell the client that a suspicion was raised.",
    ),
    (
        "The client's consent is valid for 12 months.",
        "The client's risk assessment is valid for 24 months.",
    ),
    (
        "A report is filed within 5 days and sent to Risk.",
        "A report is filed within 5 days and sent to Compliance.",
    ),
    ("A boat must be insured.", "A boat may be pledged."),
    ("The deposit is paid within 3 days.", "The deposit is paid within 3 business days."),
)

TRUE_ZH = (
    ("灯笼许可证应当在十个工作日内换发。", "灯笼许可证应当在二十个工作日内换发。"),
    ("投诉档案保存五年。", "投诉档案至少保存十年。"),
    ("客户礼品单次价值不超过二百元。", "客户礼品单次价值不超过五百元。"),
    ("白银质押率最高百分之六十。", "白银质押率最高百分之七十五。"),
    ("码头检查报告应当在五日内提交。", "码头检查报告应当在十五日内提交。"),
    ("渔船贷款期限最长十年。", "渔船贷款期限最长十五年。"),
    ("风筝预警应当在二十四小时内响应。", "风筝预警应当在两小时内响应。"),
    (
        "港口客户每季度至少走访一次，走访后三日内录入系统。",
        "港口客户每季度至少走访一次，走访后七日内录入系统。",
    ),
    ("渔船买卖合同由两名员工见证签字。", "渔船买卖合同由三名员工见证签字。"),
    ("码头取款机每日取款不得超过二万元。", "码头取款机每日取款不得超过五千元。"),
    ("栈桥事故应当在一个工作日内报告合规部。", "栈桥事故应当在三个工作日内报告合规部。"),
    ("渔船销售录音保存三年。", "渔船销售录音至少保存五年。"),
    ("开具码头证明收费二十元。", "开具码头证明收费五十元。"),
    ("港口客户风险测评有效期十二个月。", "港口客户风险测评有效期二年。"),
    ("外包催收佣金不超过回款额的百分之二十。", "外包催收佣金不超过回款额的百分之三十。"),
    ("同一渔船每年最多评估两次。", "同一渔船每年最多评估四次。"),
    ("客户经理可以接受航运客户的宴请。", "客户经理不得接受航运客户的宴请。"),
    ("护照照片可以通过私人聊天软件发送。", "护照照片严禁通过私人聊天软件发送。"),
    ("客户签署的空白表格应当当场销毁。", "客户签署的空白表格可以当场销毁。"),
    ("码头订单可以电话撤销。", "码头订单不得电话撤销。"),
    ("船锚可以作为渔船贷款的抵押物。", "船锚不得作为渔船贷款的抵押物。"),
    ("检查报告应当由港务长签字。", "检查报告无需由港务长签字。"),
    ("客户印章可以存放在支行保险柜过夜。", "客户印章禁止存放在支行保险柜过夜。"),
    ("海上签署的授权书必须公证。", "海上签署的授权书可以公证。"),
    ("港口文件可以使用私人邮箱传送。", "港口文件不得使用私人邮箱传送。"),
    ("栈桥维修基金的提取比例为百分之五。", "栈桥维修基金的提取比例为百分之八。"),
)

FALSE_ZH = (
    ("公司客户资料保存五年。", "个人客户资料保存十年。"),
    ("红色预警应当在一个工作日内响应。", "橙色预警应当在两个工作日内响应。"),
    ("投诉档案保存五年。", "走访档案保存十年。"),
    ("金卡年费三百二十元。", "白金卡年费一千八百元。"),
    ("团队长可以批准五千元以内的补偿。", "支行行长可以批准五万元以内的补偿。"),
    ("高风险客户每半年审核一次，保存五年。", "低风险客户每半年审核一次，保存三年。"),
    ("一百万元以下的渔船贷款每六个月检查一次。", "三百万元以上的渔船贷款每三个月检查一次。"),
    ("R2产品可以电话销售。", "R4产品不得电话销售。"),
    ("定期存款利息在三十日内支付。", "结构性存款利息在九十日内支付。"),
    ("客户经理不得保管客户印章。", "经合规部书面同意，客户经理可以保管客户印章。"),
    ("渔船贷款期限最长十年。", "科研渔船贷款期限最长二十年。"),
    ("投诉档案保存五年。", "除涉及诉讼外，投诉档案保存十年。"),
    ("码头订单可以电话撤销。", "码头订单在下班以后不得电话撤销。"),
    ("资料不得带离支行。", "资料放入上锁包袋的，可以带离支行。"),
    ("风险测评有效期十二个月。", "风险测评有效期一年。"),
    ("渔船许可证应当在两周内换发。", "渔船许可证应当在十四日内换发。"),
    ("现金礼品不得收受。", "禁止收受现金礼品。"),
    ("投诉应当在两个工作日内登记。", "投诉应当在十五个工作日内答复。"),
    ("渔船贷款首次展期不超过六个月。", "渔船贷款再次展期不超过三个月。"),
    ("客户每日取款不得超过一万元。", "客户每年取款不得超过十万元。"),
    ("码头手续费最低十元。", "码头手续费最高五十元。"),
    ("可以告知客户款项正在核对。", "不得告知客户已经上报线索。"),
    ("客户授权有效期十二个月。", "客户测评有效期二十四个月。"),
    ("报告应当在五日内报送风险部。", "报告应当在五日内报送合规部。"),
    ("渔船应当投保。", "渔船可以质押。"),
    ("押金应当在三日内退还。", "押金应当在三个工作日内退还。"),
    ("本金减免由总行批准，最高百分之十。", "利息减免由总行批准，最高百分之五十。"),
)
