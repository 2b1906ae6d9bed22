
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='mã lịch')),
                ('name', models.CharField(max_length=200, verbose_name='tên lịch')),
            ],
            options={
                'verbose_name': 'lịch làm việc',
                'verbose_name_plural': 'lịch làm việc',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('display_name', models.CharField(blank=True, max_length=120, verbose_name='tên hiển thị')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'tài khoản',
                'verbose_name_plural': 'tài khoản',
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='mã cơ quan')),
                ('name', models.CharField(max_length=200, verbose_name='tên cơ quan')),
                ('name_sort', models.CharField(db_collation='C', editable=False, max_length=500)),
                ('short_name', models.CharField(max_length=80, verbose_name='tên ngắn')),
                ('kind', models.CharField(choices=[('province_committee', 'Ủy ban nhân dân cấp tỉnh'), ('commune_committee', 'Ủy ban nhân dân cấp xã'), ('department', 'Sở, ban, ngành'), ('police', 'Công an'), ('social_insurance', 'Bảo hiểm xã hội'), ('tax', 'Thuế'), ('land_office', 'Văn phòng đăng ký đất đai'), ('public_service_centre', 'Trung tâm Phục vụ hành chính công'), ('other', 'Cơ quan khác')], max_length=30, verbose_name='loại cơ quan')),
                ('identifier', models.CharField(help_text='Dùng trong mã hồ sơ, ví dụ H55.24', max_length=40, verbose_name='mã định danh')),
                ('code_pattern', models.CharField(blank=True, help_text='Để trống thì dùng mẫu chung', max_length=120, verbose_name='mẫu mã hồ sơ')),
                ('desk_name', models.CharField(max_length=200, verbose_name='tên bộ phận một cửa')),
                ('parent_name', models.CharField(blank=True, max_length=200, verbose_name='cơ quan chủ quản ghi trên biểu mẫu')),
                ('place_name', models.CharField(blank=True, max_length=120, verbose_name='địa danh ghi trên biểu mẫu')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='địa chỉ')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='điện thoại')),
                ('active', models.BooleanField(default=True, verbose_name='đang hoạt động')),
                ('demo', models.BooleanField(default=False, help_text='Mọi trang và giấy tờ đều ghi là mẫu', verbose_name='dữ liệu mẫu')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='agencies.agency', verbose_name='cơ quan cấp trên')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit', verbose_name='đơn vị hành chính')),
                ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='agencies.calendar', verbose_name='lịch làm việc')),
            ],
            options={
                'verbose_name': 'cơ quan',
                'verbose_name_plural': 'cơ quan',
            },
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='mã phòng')),
                ('name', models.CharField(max_length=200, verbose_name='tên phòng')),
                ('name_sort', models.CharField(db_collation='C', editable=False, max_length=500)),
                ('active', models.BooleanField(default=True, verbose_name='đang hoạt động')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='divisions', to='agencies.agency', verbose_name='cơ quan')),
            ],
            options={
                'verbose_name': 'phòng, ban',
                'verbose_name_plural': 'phòng, ban',
            },
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('desk_officer', 'desk_officer'), ('case_officer', 'case_officer'), ('leader', 'leader'), ('reform_officer', 'reform_officer'), ('administrator', 'administrator')], max_length=30), blank=True, default=list, size=None, verbose_name='vai trò')),
                ('functions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='chức năng thêm')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='chức danh')),
                ('signature_name', models.CharField(blank=True, max_length=120, verbose_name='tên ký')),
                ('name_sort', models.CharField(db_collation='C', editable=False, max_length=500)),
                ('active', models.BooleanField(default=True, verbose_name='đang công tác')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='agencies.agency', verbose_name='cơ quan')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='agencies.division', verbose_name='phòng, ban')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to=settings.AUTH_USER_MODEL, verbose_name='tài khoản')),
            ],
            options={
                'verbose_name': 'cán bộ',
                'verbose_name_plural': 'cán bộ',
            },
        ),
        migrations.CreateModel(
            name='PermittedProcedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure_code', models.CharField(max_length=40, verbose_name='mã thủ tục')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permitted', to='agencies.staff', verbose_name='cán bộ')),
            ],
            options={
                'verbose_name': 'thủ tục được giao',
                'verbose_name_plural': 'thủ tục được giao',
            },
        ),
        migrations.CreateModel(
            name='CalendarVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='phiên bản')),
                ('data', models.JSONField(verbose_name='nội dung')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(verbose_name='đến ngày')),
                ('provisional_years', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None, verbose_name='năm tạm tính')),
                ('reason', models.CharField(max_length=400, verbose_name='lý do công bố')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='lúc công bố')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agencies.calendar', verbose_name='lịch làm việc')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.staff', verbose_name='người công bố')),
            ],
            options={
                'verbose_name': 'phiên bản lịch làm việc',
                'verbose_name_plural': 'phiên bản lịch làm việc',
            },
        ),
        migrations.AddIndex(
            model_name='agency',
            index=models.Index(fields=['name_sort'], name='agency_name_sort'),
        ),
        migrations.AddConstraint(
            model_name='division',
            constraint=models.UniqueConstraint(fields=('agency', 'code'), name='division_code_once_an_agency'),
        ),
        migrations.AddConstraint(
            model_name='permittedprocedure',
            constraint=models.UniqueConstraint(fields=('staff', 'procedure_code'), name='permitted_procedure_once'),
        ),
        migrations.AddConstraint(
            model_name='calendarversion',
            constraint=models.UniqueConstraint(fields=('calendar', 'version'), name='calendar_version_once'),
        ),
    ]
