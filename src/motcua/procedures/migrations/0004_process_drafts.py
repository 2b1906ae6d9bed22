"""Drafts of processes, and by which decision and whom a version was published."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('procedures', '0003_erasing'),
    ]

    operations = [
        migrations.AddField(
            model_name='processversion',
            name='decision',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='quyết định phê duyệt'),
        ),
        migrations.AddField(
            model_name='processversion',
            name='published_by_id',
            field=models.BigIntegerField(null=True, verbose_name='người công bố'),
        ),
        migrations.CreateModel(
            name='ProcessDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, verbose_name='lần lưu')),
                ('definition', models.JSONField(verbose_name='định nghĩa')),
                ('saved_by_id', models.BigIntegerField(null=True, verbose_name='người lưu')),
                ('saved_at', models.DateTimeField(verbose_name='lúc lưu')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='cơ quan')),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.processversion', verbose_name='soạn từ phiên bản')),
                ('procedure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.procedure', verbose_name='thủ tục hành chính')),
            ],
            options={
                'verbose_name': 'bản thảo quy trình',
                'verbose_name_plural': 'bản thảo quy trình',
                'constraints': [models.UniqueConstraint(fields=('procedure', 'agency'), name='draft_one_per_procedure_and_agency', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ProcessDraftTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(verbose_name='lần lưu')),
                ('definition', models.JSONField(verbose_name='định nghĩa')),
                ('saved_by_id', models.BigIntegerField(null=True, verbose_name='người lưu')),
                ('saved_at', models.DateTimeField(verbose_name='lúc lưu')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='procedures.processdraft', verbose_name='bản thảo quy trình')),
            ],
            options={
                'verbose_name': 'bản thảo của người trước',
                'verbose_name_plural': 'bản thảo của người trước',
                'constraints': [models.UniqueConstraint(fields=('draft', 'revision'), name='draft_turn_once_a_revision')],
            },
        ),
    ]
