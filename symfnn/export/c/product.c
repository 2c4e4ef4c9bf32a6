#ifdef SYMFNN_CBLAS
/* a BLAS with the interface for C; another name for the routine, or another type of its sizes, may be defined */
#ifndef SYMFNN_GEMM
#define SYMFNN_GEMM cblas_dgemm
#endif
#ifndef SYMFNN_BLAS_INT
#define SYMFNN_BLAS_INT int
#endif
void SYMFNN_GEMM(int order, int is_a_turned, int is_b_turned, SYMFNN_BLAS_INT rows, SYMFNN_BLAS_INT columns,
                 SYMFNN_BLAS_INT depth, real factor, const real *a, SYMFNN_BLAS_INT a_apart, const real *b,
                 SYMFNN_BLAS_INT b_apart, real kept, real *c, SYMFNN_BLAS_INT c_apart);

/* C = bias + A B: rows x columns over a depth, each of A and B with the distances of its rows and columns; the bias,
   if there is one, is added to every row */
static void product(int rows, int columns, int depth, const real *a, int a_rows, int a_columns, const real *b,
                    int b_rows, int b_columns, const real *bias, real *c)
{
    const int by_rows = 101, plain = 111, turned = 112;
    const int is_a_turned = a_columns != 1, is_b_turned = b_columns != 1;
    const int a_least = is_a_turned ? rows : depth, b_least = is_b_turned ? depth : columns;
    const int a_apart = is_a_turned ? a_columns : a_rows, b_apart = is_b_turned ? b_columns : b_rows;
    if (bias != NULL)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                c[(long)i * columns + j] = bias[j];
    SYMFNN_GEMM(by_rows, is_a_turned ? turned : plain, is_b_turned ? turned : plain, rows, columns, depth, 1, a,
                a_apart > a_least ? a_apart : a_least, b, b_apart > b_least ? b_apart : b_least, bias != NULL, c,
                columns);
}
#else
/* four rows of a product by COLUMNS columns of it, over a depth; b and c hold COLUMNS columns in each row */
static inline void four_rows(int depth, const real *restrict a, int rows_apart, int columns_apart,
                             const real *restrict b, real *restrict c)
{
    real c0[COLUMNS] = {0}, c1[COLUMNS] = {0}, c2[COLUMNS] = {0}, c3[COLUMNS] = {0};
    for (int k = 0; k < depth; k++) {
        const real *restrict entry = a + (long)k * columns_apart, *restrict row = b + (long)k * COLUMNS;
        const real a0 = entry[0], a1 = entry[rows_apart], a2 = entry[2 * rows_apart], a3 = entry[3 * rows_apart];
        for (int j = 0; j < COLUMNS; j++) {
            c0[j] += a0 * row[j];
            c1[j] += a1 * row[j];
            c2[j] += a2 * row[j];
            c3[j] += a3 * row[j];
        }
    }
    for (int j = 0; j < COLUMNS; j++) {
        c[j] = c0[j];
        c[COLUMNS + j] = c1[j];
        c[2 * COLUMNS + j] = c2[j];
        c[3 * COLUMNS + j] = c3[j];
    }
}

static inline void one_row(int depth, const real *restrict a, int columns_apart, const real *restrict b,
                           real *restrict c)
{
    real sum[COLUMNS] = {0};
    for (int k = 0; k < depth; k++)
        for (int j = 0; j < COLUMNS; j++)
            sum[j] += a[(long)k * columns_apart] * b[k * COLUMNS + j];
    for (int j = 0; j < COLUMNS; j++)
        c[j] = sum[j];
}

/* C = bias + A B: rows x columns over a depth, each of A and B with the distances of its rows and columns; the bias,
   if there is one, is added to every row. B goes through a panel of DEPTH x COLUMNS. */
static void product(int rows, int columns, int depth, const real *restrict a, int a_rows, int a_columns,
                    const real *restrict b, int b_rows, int b_columns, const real *restrict bias, real *restrict c)
{
    real panel[DEPTH * COLUMNS], tile[4 * COLUMNS];
    for (int left = 0; left < columns; left += COLUMNS) {
        const int width = columns - left < COLUMNS ? columns - left : COLUMNS;
        for (int start = 0; start < depth; start += DEPTH) {
            const int length = depth - start < DEPTH ? depth - start : DEPTH;
            const real *from = b + (long)start * b_rows + (long)left * b_columns;
            if (width < COLUMNS)
                for (int k = 0; k < length * COLUMNS; k++)
                    panel[k] = 0;
            if (b_columns == 1 && width == COLUMNS)
                for (int k = 0; k < length; k++)
                    for (int j = 0; j < COLUMNS; j++)
                        panel[k * COLUMNS + j] = from[(long)k * b_rows + j];
            else
                for (int j = 0; j < width; j++)
                    for (int k = 0; k < length; k++)
                        panel[k * COLUMNS + j] = from[(long)k * b_rows + (long)j * b_columns];
            int height = 4;
            for (int top = 0; top < rows; top += height) {
                const real *rows_of_a = a + (long)top * a_rows + (long)start * a_columns;
                height = rows - top < 4 ? 1 : 4;
                if (height == 4)
                    four_rows(length, rows_of_a, a_rows, a_columns, panel, tile);
                else
                    one_row(length, rows_of_a, a_columns, panel, tile);
                for (int i = 0; i < height; i++) {
                    real *to = c + (long)(top + i) * columns + left;
                    const real *more = start > 0 ? to : bias != NULL ? bias + left : NULL;
                    if (more != NULL)
                        for (int j = 0; j < width; j++)
                            to[j] = more[j] + tile[i * COLUMNS + j];
                    else
                        for (int j = 0; j < width; j++)
                            to[j] = tile[i * COLUMNS + j];
                }
            }
        }
    }
}
#endif
