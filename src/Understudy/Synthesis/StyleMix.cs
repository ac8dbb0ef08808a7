using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Synthesis;

/// <summary>
/// Style mixing (Karras et al. 2019, arXiv 1812.04948, figure 3): every row's face with some layers' styles of every column's.
/// The first layers steer pose and shape, the last ones tone and detail.
/// </summary>
/// <param name="FirstLayer">The first of the columns' layers, from 0; null: the upper half of them.</param>
/// <param name="LastLayer">The last of the columns' layers; null: the network's last.</param>
public sealed record StyleMix(IReadOnlyList<Face> Rows, IReadOnlyList<Face> Columns, int? FirstLayer = null,
    int? LastLayer = null)
{
    /// <summary>
    /// The rows' faces down the left, the columns' across the top, their mixtures between; row by row, the corner null.
    /// </summary>
    /// <returns>(rows + 1) × (columns + 1) images, uint8 [C, H, W].</returns>
    /// <exception cref="OptionException">No row or column, or layers that the network does not have.</exception>
    public IReadOnlyList<byte[]?> Draw(Sampler sampler, ToolOptions options)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        var (layers, first, last) = (sampler.LayerCount, First(sampler), Last(sampler));
        if (Rows.Count == 0 || Columns.Count == 0) throw new OptionException("rows, columns: give one seed or more of each");
        if (first < 0 || last >= layers || first > last)
            throw new OptionException($"layers: {first}-{last} is no range of the network's layers, 0 to {layers - 1}");
        var latents = new Latents(sampler, options);
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (rows, columns) = (latents.Map(Rows), latents.Map(Columns));
        var images = new List<byte[]?> { null };
        images.AddRange(latents.Draw(columns));
        for (int r = 0; r < Rows.Count; r++)
        {
            using var row = NewDisposeScope();
            var mixed = rows.narrow(0, r, 1).expand(Columns.Count, -1, -1).clone();
            mixed.narrow(1, first, last - first + 1).copy_(columns.narrow(1, first, last - first + 1));
            images.AddRange(latents.Draw(cat([rows.narrow(0, r, 1), mixed])));
        }
        return images;
    }

    /// <summary>The first of the columns' layers in this generator.</summary>
    public int First(Sampler sampler) => FirstLayer ?? sampler.LayerCount / 2;

    /// <summary>The last of them.</summary>
    public int Last(Sampler sampler) => LastLayer ?? sampler.LayerCount - 1;
}
