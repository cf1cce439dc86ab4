"""What the room keeps: homes and the papers that move them; together, because they point at one another."""

from app.features.units.models.entries import (
    EntryKind,
    EntryState,
    UnitEntry,
)
from app.features.units.models.holds import (
    Hold,
    HoldState,
)
from app.features.units.models.instructions import (
    ControlKind,
    ControlLine,
    ControlOrder,
    ControlState,
)
from app.features.units.models.releases import (
    ReleaseBatch,
    ReleaseLine,
    ReleaseState,
)
from app.features.units.models.units import (
    FLOOR_PRICE_READERS,
    HOLD_READERS,
    RELEASED,
    SOLD,
    TAKEN,
    Building,
    PricingBasis,
    Product,
    Unit,
    UnitState,
    UnitType,
    Works,
)

__all__ = [
    "FLOOR_PRICE_READERS",
    "HOLD_READERS",
    "RELEASED",
    "SOLD",
    "TAKEN",
    "Building",
    "ControlKind",
    "ControlLine",
    "ControlOrder",
    "ControlState",
    "EntryKind",
    "EntryState",
    "Hold",
    "HoldState",
    "PricingBasis",
    "Product",
    "ReleaseBatch",
    "ReleaseLine",
    "ReleaseState",
    "Unit",
    "UnitEntry",
    "UnitState",
    "UnitType",
    "Works",
]
