using TorchSharp;
using Understudy.Tests.Networks;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Augmentation;

[Collection("torch")]
public sealed class BilinearFetchTests
{
    private static readonly Affine[] s_maps =
    [
        new(0.9, -0.4, -1.3, 0.5, 1.2, 0.6),                                                // over every edge
        Affine.Translate(1, 0),
    ];

    /// <summary>align_corners: theta of a w×h image maps −1 to the first pixel's centre and 1 to the last's.</summary>
    [Fact]
    public void Apply_AnyMap_EqualsGridSampleWithZerosOutside()
    {
        using var scope = NewDisposeScope();
        const int h = 7, w = 5, rows = 6, columns = 8;
        var x = randn([2, 3, h, w], dtype: ScalarType.Float64, generator: new torch.Generator(1));
        var grid = zeros([2, rows, columns, 2], dtype: ScalarType.Float64);
        for (int n = 0; n < 2; n++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    var (sx, sy) = s_maps[n].Apply(j, i);
                    grid[n, i, j, 0] = 2 * sx / (w - 1) - 1;
                    grid[n, i, j, 1] = 2 * sy / (h - 1) - 1;
                }
            }
        }

        var expected = nn.functional.grid_sample(x, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros,
            align_corners: true);

        Near.Equal(expected, BilinearFetch.Apply(x, s_maps, rows, columns), 1e-12);
        Near.Equal(expected, BilinearFetch.Apply(x.to(ScalarType.Float32), s_maps, rows, columns), 1e-5);
    }

    [Fact]
    public void Apply_FiniteDifferences_AgreeTwice()
    {
        using var scope = NewDisposeScope();
        var x = randn([2, 2, 6, 5], dtype: ScalarType.Float64, generator: new torch.Generator(2));

        FiniteDifferences.Check(v => BilinearFetch.Apply(v[0].square(), s_maps, 4, 7), x);
    }

    /// <summary>⟨A·x, y⟩ = ⟨x, Aᵀ·y⟩.</summary>
    [Fact]
    public void Gradient_OfTheFetch_IsItsAdjoint()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3);
        var x = randn([2, 1, 6, 5], dtype: ScalarType.Float64, generator: random).requires_grad_();
        var y = randn([2, 1, 4, 7], dtype: ScalarType.Float64, generator: random);

        var product = (BilinearFetch.Apply(x, s_maps, 4, 7) * y).sum();
        product.backward();

        Assert.Equal(product.item<double>(), (x.grad! * x).sum().item<double>(), 1e-10);
    }
}
