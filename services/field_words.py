"""The fields of a person, in words."""

from __future__ import annotations

CLIENT_LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone number",
    "date_of_birth": "Date of birth",
    "subscribed": "Subscription",
}
"""The fields of `ClientFields` in the order of the form."""

STAFF_LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "cell": "Cell number",
    "note": "Note",
    "office": "Office",
    "role": "Role",
    "active": "Status",
}
"""The fields of `StaffFields` in the order of the form."""
