using TorchSharp.Modules;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Benchmarks;

/// <summary>
/// What one image costs a network, counted at the shapes its convolutions and linear layers meet; everything else is left out, as
/// the papers do, though it takes time.
/// </summary>
/// <param name="MultiplyAdds">Of one pass forward.</param>
/// <param name="First">Of these, the first layer's.</param>
public sealed record OperationCount(long MultiplyAdds, long First)
{
    /// <summary>Floating-point operations of a prediction, a multiplication and an addition counting as two.</summary>
    public double Prediction => 2.0 * MultiplyAdds;

    /// <summary>
    /// Of a training step: forward, the gradient of every layer's input but the image, the gradient of every weight.
    /// </summary>
    public double Training => 2.0 * (3 * MultiplyAdds - First);

    /// <summary>
    /// Sends one black image through a network and looks on; its training or evaluation mode and its state stay.
    /// </summary>
    /// <param name="shape">Of the images that are meant.</param>
    public static OperationCount Of(nn.Module<Tensor, Tensor> net, ImageShape shape)
    {
        var counted = new List<long>();
        var layers = net.modules().Where(m => m is Conv2d or Depthwise or Linear).Cast<nn.Module<Tensor, Tensor>>().ToList();
        var hooks = layers.ConvertAll(layer =>
        {
            // Every number of the result is a sum over the weights of one output channel.
            var weight = layer.named_parameters().Single(p => p.name == "weight").parameter;
            var each = weight.numel() / weight.shape[0];
            return layer.register_forward_hook((_, _, y) =>
            {
                counted.Add(y.numel() * each);
                return y;
            });
        });
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var training = net.training;
        net.eval();
        net.call(zeros(1, shape.Channels, shape.Height, shape.Width));
        net.train(training);
        hooks.ForEach(h => h.remove());
        return new(counted.Sum(), counted[0]);
    }
}
