/* the sum of all entries */
static real total(long count, const real *restrict a)
{
    const long whole = count / 16 * 16;
    real part[16] = {0}, sum = 0;
    for (long k = 0; k < whole; k += 16)
        for (int j = 0; j < 16; j++)
            part[j] += a[k + j];
    for (long k = whole; k < count; k++)
        sum += a[k];
    for (int j = 0; j < 16; j++)
        sum += part[j];
    return sum;
}


/* the sum of each column */
static void column_totals(int rows, int columns, const real *restrict a, real *restrict sums)
{
    for (int j = 0; j < columns; j++)
        sums[j] = 0;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            sums[j] += a[(long)i * columns + j];
}


/* the sum of each row */
static void row_totals(int rows, int columns, const real *restrict a, real *restrict sums)
{
    for (int i = 0; i < rows; i++)
        sums[i] = total(columns, a + (long)i * columns);
}


/* the sum of all products of entries */
static real inner(long count, const real *a, const real *b)
{
    const long whole = count / 16 * 16;
    real part[16] = {0}, sum = 0;
    for (long k = 0; k < whole; k += 16)
        for (int j = 0; j < 16; j++)
            part[j] += a[k + j] * b[k + j];
    for (long k = whole; k < count; k++)
        sum += a[k] * b[k];
    for (int j = 0; j < 16; j++)
        sum += part[j];
    return sum;
}


/* the largest entry of each column */
static void column_tops(int rows, int columns, const real *restrict a, real *restrict tops)
{
    for (int j = 0; j < columns; j++)
        tops[j] = a[j];
    for (int i = 1; i < rows; i++)
        for (int j = 0; j < columns; j++)
            tops[j] = real_max(tops[j], a[(long)i * columns + j]);
}


/* the largest entry of each row */
static void row_tops(int rows, int columns, const real *restrict a, real *restrict tops)
{
    for (int i = 0; i < rows; i++) {
        tops[i] = a[(long)i * columns];
        for (int j = 1; j < columns; j++)
            tops[i] = real_max(tops[i], a[(long)i * columns + j]);
    }
}


/* each row repeated, or each entry of a column, or both: what is shorter has the length 1 */
static void spread(int rows, int columns, const real *restrict a, int a_rows, int a_columns, real *restrict c)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            c[(long)i * columns + j] = a[(long)i * a_rows + (long)j * a_columns];
}


/* powers = e^(z - top) with the largest of each row as top, which is kept, and the sums of the powers of each row */
static void shifted_powers(int rows, int columns, const real *z, real *powers, real *tops, real *sums)
{
    for (int i = 0; i < rows; i++) {
        real top = z[(long)i * columns];
        for (int j = 1; j < columns; j++)
            top = real_max(top, z[(long)i * columns + j]);
        for (int j = 0; j < columns; j++)
            powers[(long)i * columns + j] = z[(long)i * columns + j] - top;
        tops[i] = top;
    }
    for (long k = 0; k < (long)rows * columns; k++)
        powers[k] = real_exp(powers[k]);
    for (int i = 0; i < rows; i++) {
        real sum = 0;
        for (int j = 0; j < columns; j++)
            sum += powers[(long)i * columns + j];
        sums[i] = sum;
    }
}


/* e^z / sum e^z along each row */
static void softmax(int rows, int columns, const real *z, real *result, real *tops, real *sums)
{
    shifted_powers(rows, columns, z, result, tops, sums);
    for (int i = 0; i < rows; i++) {
        const real factor = 1 / sums[i];
        for (int j = 0; j < columns; j++)
            result[(long)i * columns + j] *= factor;
    }
}


/* log sum e^z along each row */
static void log_sum_exp(int rows, const real *tops, const real *sums, real *result)
{
    for (int i = 0; i < rows; i++)
        result[i] = tops[i] + real_log(sums[i]);
}


/* C = bias + A B as product has it, for up to 8 columns, which compilers take together where their number is known */
static inline void narrow_product(int rows, int columns, int depth, const real *restrict a, int a_rows, int a_columns,
                                  const real *restrict b, int b_rows, int b_columns, const real *restrict bias,
                                  real *restrict c)
{
    for (int i = 0; i < rows; i++) {
        real sum[8];
        for (int j = 0; j < columns; j++)
            sum[j] = bias != NULL ? bias[j] : 0;
        for (int k = 0; k < depth; k++)
            for (int j = 0; j < columns; j++)
                sum[j] += a[(long)i * a_rows + (long)k * a_columns] * b[(long)k * b_rows + (long)j * b_columns];
        for (int j = 0; j < columns; j++)
            c[(long)i * columns + j] = sum[j];
    }
}
