from django.db import models


class Cart(models.Model):
    session = models.CharField(max_length=40, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
