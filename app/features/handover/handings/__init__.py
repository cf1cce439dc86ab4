"""交楼: told by express, appointed, inspected, papers signed for, dues checked, keys given, 收楼 — or refused, or deemed (02 §2.5.7)."""
