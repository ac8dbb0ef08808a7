using TorchSharp.Modules;
using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// Batch norm's running means and variances belong to the weights they were gathered with. For averaged weights they are gathered
/// anew (as Izmailov et al., arXiv 1803.05407), from training images as a user will show them: whole, at the final size.
/// </summary>
internal static class BatchNormStatistics
{
    /// <summary>
    /// Sets the statistics of every batch norm to their mean over some batches; leaves the module in evaluation mode.
    /// </summary>
    /// <param name="images">Batch k, [N, C, H, W]; called in a scope of its own.</param>
    /// <param name="count">Number of batches, at least 1.</param>
    public static void Gather(nn.Module<Tensor, Tensor> net, Func<int, Tensor> images, int count)
    {
        using var noGradients = no_grad();
        net.eval();
        var norms = net.modules().OfType<BatchNorm2d>().ToList();
        if (norms.Count == 0) return;
        var momenta = norms.ConvertAll(n => n.momentum);
        norms.ForEach(n => n.train());
        for (int k = 0; k < count; k++)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            norms.ForEach(n => n.momentum = 1.0 / (k + 1));
            net.call(images(k));
        }
        for (int i = 0; i < norms.Count; i++) norms[i].momentum = momenta[i];
        net.eval();
    }
}
