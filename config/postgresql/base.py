"""Django's PostgreSQL, where rows written or deleted together are cut before a statement takes too many values.

Django cuts them so for SQLite and Oracle. For PostgreSQL it does not, as it usually writes values into the text of the
statement; ours are sent beside it by the web (``CAHIER_PREPARED_STATEMENTS``), and the protocol counts them on 16 bits.
"""

from collections.abc import Sized

from django.db.backends.postgresql import base, features, operations

MOST_VALUES = 65_535


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = MOST_VALUES


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sized, objs: Sized) -> int:
        return min(len(objs), MOST_VALUES // max(len(fields), 1))


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
