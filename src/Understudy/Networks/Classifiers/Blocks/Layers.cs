using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Layers one after another, numbered from 0 as those of libtorch's sequence are. A batch norm and the activation after it are
/// one pass (<see cref="BatchNormAct"/>).
/// </summary>
internal sealed class Layers : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly nn.Module<Tensor, Tensor>[] _layers;

    public Layers(params IReadOnlyCollection<nn.Module<Tensor, Tensor>> layers) : base(nameof(Layers))
    {
        _layers = [.. layers];
        for (int i = 0; i < _layers.Length; i++) register_module($"{i}", _layers[i]);
    }

    public override Tensor forward(Tensor x) => CallAndAdd(x, null);

    /// <summary>
    /// The layers' result, and what stands beside them added to it: in the same pass, where a batch norm comes last. Hooks of
    /// this sequence, of batch norms and of activations after them do not hear of it.
    /// </summary>
    /// <param name="beside">Like the result; null for nothing.</param>
    public Tensor CallAndAdd(Tensor x, Tensor? beside)
    {
        using var scope = NewDisposeScope();
        var y = x.alias();
        for (int i = 0; i < _layers.Length; i++)
        {
            var input = y;
            var end = i == _layers.Length - 1;
            switch (_layers[i])
            {
                case BatchNorm2d norm:
                    var activation = end ? null : ActivationOf(_layers[i + 1]);
                    y = BatchNormAct.Apply(norm, input, activation ?? Activation.Linear, end ? beside : null);
                    if (activation is not null) i++;
                    break;
                case Layers inner when end:
                    y = inner.CallAndAdd(input, beside);
                    break;
                default:
                    y = _layers[i].call(input);
                    end = false;
                    break;
            }
            // Where nothing is to be differentiated, maps are not needed any more once they were read.
            if (!ReferenceEquals(y, input)) input.Dispose();
            if (end) beside = null;
        }
        return (beside is null ? y : y + beside).MoveToOuterDisposeScope();
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        _layers.Index().Aggregate(x, (y, layer) => graph.Call(layer.Item, y, $"{name}{layer.Index}."));

    private static Activation? ActivationOf(nn.Module<Tensor, Tensor> layer) => layer switch
    {
        ReLU => Activation.Relu,
        SiLU => Activation.Swish,
        Hardswish => Activation.HardSwish,
        _ => null,
    };
}
